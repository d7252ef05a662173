# %% [markdown]
# # Plan the factory
# Cells as editors and notebooks know them (`# %%`); it runs as a script too: `python examples/plan_the_factory.py`.

# %%
from collections import Counter
from dataclasses import replace

import gemba
from gemba import demonstrations
from gemba.operation.moments import iso

operation = demonstrations.load("factory")
print(demonstrations.describe("factory"))

# %% A plan: checked, with a bound and with reasons
plan = gemba.plan(operation, seconds=3)
assert plan.violations == [], plan.violations
goal = plan.objective
print(f"{goal.on_time} demands on time, {goal.late} late, {goal.short} short, {len(plan.tasks)} tasks")
print(f"weighted tardiness {goal.weighted_tardiness:.2f} days; no plan can be below {goal.bound:.2f}")

# %% Why is something late?
HOUR = 3600
for reason in plan.reasons:
    print(f"{reason.demand}: {reason.lateness / HOUR:.1f} h late. {reason.summary}")
    for part in reason.parts:
        print(f"    {part.seconds / HOUR:6.1f} h  {part.cause:10} {part.subject}")

# %% What does the paint line do next week?
zone = operation.settings.zone
line = sorted((t for t in plan.tasks if ("Paint line", 1) in t.resources), key=lambda t: t.start)
items = {o.id: o.item for o in plan.orders}
for task in line[:12]:
    print(iso(task.start, zone)[:16], f"{task.quantity:4.0f} {items[task.order]:12} set-up {task.setup // 60} min")

# %% Where is the work?
hours: Counter[str] = Counter()
for task in plan.tasks:
    for resource, _ in task.resources:
        hours[resource] += (task.end - task.start) / HOUR
print(*(f"{h:6.0f} h  {resource}" for resource, h in hours.most_common()), sep="\n")

# %% What if the late painter's certificate did not lapse?
kept = tuple(replace(s, end=None) if s.end else s for s in operation.resource_skills)
other = gemba.plan(replace(operation, resource_skills=kept), seconds=3)
print(f"late: {goal.late} before, {other.objective.late} after")
print(f"weighted tardiness: {goal.weighted_tardiness:.2f} days before, {other.objective.weighted_tardiness:.2f} after")
