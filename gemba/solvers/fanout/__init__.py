"""Many independent searches at once: restarts with seeds, scenarios or sites, on this machine's cores or on a cluster.

``fan_out(function, tasks)`` gives ``[function(task) for task in tasks]``, worked out by several processes; workers that
are killed are replaced and their tasks done again. The same call runs on any ``concurrent.futures.Executor``:
``dask_executor`` and ``ray_executor`` give one that reaches past this machine. ``seeds`` makes independent random seeds.
"""

from gemba.solvers.fanout.cluster import dask_executor, ray_executor
from gemba.solvers.fanout.fan import LostError, Progress, StoppedError, TaskError, fan_out, seeds

__all__ = [
    "LostError", "Progress", "StoppedError", "TaskError", "dask_executor", "fan_out", "ray_executor", "seeds",
]  # fmt: skip
