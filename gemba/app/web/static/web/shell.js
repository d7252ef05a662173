/** What every page has: theme switch, Ctrl K for the search, menus that close, a menu on small screens. */
const THEMES = ['system', 'light', 'dark'];
const NAMES = { system: 'as the system', light: 'light', dark: 'dark' };

function currentTheme() {
  return document.documentElement.dataset.theme ?? 'system';
}

/** @param {string} theme */
function setTheme(theme) {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try { localStorage.setItem('theme', theme); } catch { /* not remembered then */ }
  nameTheme();
}

function nameTheme() {
  for (const name of document.querySelectorAll('[data-theme-name]')) name.textContent = NAMES[/** @type {keyof typeof NAMES} */ (currentTheme())];
}

for (const button of document.querySelectorAll('[data-theme-next]')) {
  button.addEventListener('click', () => setTheme(THEMES[(THEMES.indexOf(currentTheme()) + 1) % THEMES.length]));
}
nameTheme();

const search = /** @type {HTMLInputElement | null} */ (document.getElementById('search'));
const found = document.getElementById('found');

document.addEventListener('keydown', (e) => {
  if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === 'k' && search) {
    e.preventDefault();
    search.select();
    search.focus();
  }
  if (e.key === 'Escape') closeMenus(null);
});

/** Close every menu but the one that holds the target. @param {Node | null} target */
function closeMenus(target) {
  for (const menu of document.querySelectorAll('details.menu[open]')) if (!menu.contains(target)) menu.removeAttribute('open');
  if (found && !search?.form?.contains(target)) found.replaceChildren();
}
document.addEventListener('click', (e) => closeMenus(/** @type {Node} */ (e.target)));

// Up and down go through what the search found.
search?.form?.addEventListener('keydown', (e) => {
  const links = [...(found?.querySelectorAll('a') ?? [])], by = { ArrowDown: 1, ArrowUp: -1 }[e.key];
  if (!by || !links.length) return;
  e.preventDefault();
  const at = links.indexOf(/** @type {HTMLAnchorElement} */ (document.activeElement)) + by;
  (at < 0 ? search : links[Math.min(at, links.length - 1)]).focus();
});

const toggle = document.getElementById('nav-toggle');
toggle?.addEventListener('click', () => {
  toggle.setAttribute('aria-expanded', String(document.body.classList.toggle('nav-open')));
});
