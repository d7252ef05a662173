/** What the device keeps: the reports that wait to be sent, and the last list of tasks. IndexedDB. */

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const done = (request) => new Promise((yes, no) => {
  request.onsuccess = () => yes(request.result);
  request.onerror = () => no(request.error);
});

export class Store {
  /** @param {IDBDatabase} db */
  constructor(db) { this.db = db; }

  /** @param {string} operation */
  static async open(operation) {
    const request = indexedDB.open(`gemba-terminal-${operation}`, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('queue', { keyPath: 'seq', autoIncrement: true }).createIndex('uid', 'uid', { unique: true });
      request.result.createObjectStore('kept');
    };
    const store = new Store(await done(request));
    // The browser may throw away what is kept when space is short, unless it is asked not to.
    navigator.storage?.persist?.().catch(() => {});
    return store;
  }

  /** @param {string} name @param {IDBTransactionMode} mode */
  of(name, mode = 'readonly') {
    const how = mode === 'readwrite' ? { durability: 'strict' } : undefined;
    return this.db.transaction(name, mode, /** @type {any} */ (how)).objectStore(name);
  }

  /** Add an entry; done when it is on the disk. @param {any} entry */
  async add(entry) {
    const objects = this.of('queue', 'readwrite');
    const seq = await done(objects.add(entry));
    await new Promise((yes, no) => { objects.transaction.oncomplete = yes; objects.transaction.onabort = no; });
    return { ...entry, seq };
  }

  /** Every entry, in the order in which it was made. @returns {Promise<any[]>} */
  entries() { return done(this.of('queue').getAll()); }

  /** @param {any} entry */
  put(entry) { return done(this.of('queue', 'readwrite').put(entry)); }

  /** @param {number} seq */
  remove(seq) { return done(this.of('queue', 'readwrite').delete(seq)); }

  /** @param {string} key @param {any} value */
  keep(key, value) { return done(this.of('kept', 'readwrite').put(value, key)); }

  /** @param {string} key @returns {Promise<any>} */
  kept(key) { return done(this.of('kept').get(key)); }

  /** Forget the lists of tasks (when somebody signs out); reports that wait stay. */
  forget() { return done(this.of('kept', 'readwrite').clear()); }
}
