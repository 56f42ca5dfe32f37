// Who shares which level, as plain data: {level: [[task, …], …]}. Every change is a new plan.

/** @typedef {Record<string, string[][]>} Plan */
/** @typedef {{plan: Plan, levels: string[], tasks: string[]}} Board a plan with its rows and columns */
/** @typedef {{kind: "own" | "shared" | "left", others: string[]}} Choice */

/** The same names with other values. */
function mapped(of, change) {
	return Object.fromEntries(Object.entries(of).map(([name, value]) => [name, change(value, name)]));
}

/** The group in which a task uses a level; undefined if it has left the trunk below it.
 * @param {Plan} plan @param {string} level @param {string} task */
export function groupOf(plan, level, task) {
	return plan[level]?.find((group) => group.includes(task));
}

/** One form for plans that mean the same: groups and their tasks in the order of `tasks`.
 * @param {Plan} plan @param {string[]} tasks @returns {Plan} */
export function inOrder(plan, tasks) {
	const place = (task) => tasks.indexOf(task);
	const sorted = (group) => [...group].sort((a, b) => place(a) - place(b));
	const levels = mapped(plan, (groups) =>
		groups.filter((group) => group.length).map(sorted).sort((a, b) => place(a[0]) - place(b[0])));
	return Object.fromEntries(Object.entries(levels).filter(([, groups]) => groups.length));
}

/** @param {Plan} a @param {Plan} b @param {string[]} tasks */
export function same(a, b, tasks) {
	return JSON.stringify(inOrder(a, tasks)) === JSON.stringify(inOrder(b, tasks));
}

/** What remains of a plan if only these tasks are trained.
 * @param {Plan} plan @param {string[]} tasks */
export function only(plan, tasks) {
	const left = (group) => group.filter((task) => tasks.includes(task));
	return inOrder(mapped(plan, (groups) => groups.map(left)), tasks);
}

/** The plan with one more task, which uses at each level what `like` uses.
 * @param {Plan} plan @param {string} task @param {string} like */
export function joined(plan, task, like) {
	return mapped(plan, (groups) => groups.some((group) => group.includes(like))
		? groups.map((group) => (group.includes(like) ? [...group, task] : group))
		: [...groups, [task]]);
}

/** The plan in which a task uses a level together with `others` (nobody: a copy of its own).
 * If it has left below, it comes back on the levels between, with a copy of its own on each.
 * @param {Board} board @param {string} level @param {string} task @param {string[]} others */
export function use({ plan, levels, tasks }, level, task, others) {
	const changed = { ...plan };
	for (const below of levels.slice(0, levels.indexOf(level) + 1)) {
		const groups = (changed[below] ?? []).map((group) => group.filter((each) => each !== task));
		if (below === level) {
			const joining = groups.find((group) => others.includes(group[0]));
			if (joining) joining.push(task);
			else groups.push([task]);
		} else if (groupOf(changed, below, task)) continue;
		else groups.push([task]);
		changed[below] = groups;
	}
	const ordered = Object.fromEntries(levels.filter((l) => changed[l]).map((l) => [l, changed[l]]));
	return inOrder(ordered, tasks);
}

/** The plan in which a task leaves the trunk below a level: it is out above it too.
 * @param {Board} board @param {string} level @param {string} task */
export function leave({ plan, levels, tasks }, level, task) {
	const above = levels.slice(levels.indexOf(level));
	const without = (groups, at) =>
		above.includes(at) ? groups.map((group) => group.filter((other) => other !== task)) : groups;
	return inOrder(mapped(plan, without), tasks);
}

/** What a task may do at a level, in the order of clicks: own, shared with each other group, left.
 * The lowest level cannot be left.
 * @param {Board} board @param {string} level @param {string} task @returns {Choice[]} */
export function choices({ plan, levels }, level, task) {
	const groups = (plan[level] ?? []).map((group) => group.filter((each) => each !== task));
	/** @type {Choice[]} */
	const found = [{ kind: "own", others: [] }];
	for (const others of groups) if (others.length) found.push({ kind: "shared", others });
	if (level !== levels[0]) found.push({ kind: "left", others: [] });
	return found;
}

/** What a task does at a level now, as one of its `choices`.
 * @param {Plan} plan @param {string} level @param {string} task @returns {Choice} */
export function now(plan, level, task) {
	const group = groupOf(plan, level, task);
	if (!group) return { kind: "left", others: [] };
	return { kind: group.length > 1 ? "shared" : "own", others: group.filter((t) => t !== task) };
}

/** What a click brings: the choice after the one that holds.
 * @param {Board} board @param {string} level @param {string} task */
export function following(board, level, task) {
	const all = choices(board, level, task);
	const is = JSON.stringify(now(board.plan, level, task));
	const place = all.findIndex((choice) => JSON.stringify(choice) === is);
	return all[(place + 1) % all.length];
}

/** The plan after a choice was made.
 * @param {Board} board @param {string} level @param {string} task @param {Choice} choice */
export function chosen(board, level, task, choice) {
	return choice.kind === "left" ? leave(board, level, task) : use(board, level, task, choice.others);
}

/** Parameters of each level's copy and of each head at a width w: n₀ + n₁·w + n₂·w².
 * @param {number} w */
export function sizesAt(w, { levels, heads }) {
	const size = ([n0, n1, n2]) => n0 + w * (n1 + w * n2);
	return { levels: mapped(levels, size), heads: mapped(heads, size) };
}

/** The even width that makes a plan as large as separate models of the usual width.
 * @param {Plan} plan @param {string[]} tasks */
export function widened(plan, tasks, costs) {
	const at = (w) => count(plan, tasks, sizesAt(w, costs));
	let { width } = costs;
	const wanted = at(width).apart;
	const off = (w) => Math.abs(at(w).total - wanted);
	while (off(width + 2) < off(width)) width += 2;
	return width;
}

/** Parameters, by the counts of one copy of each level and of each head.
 * @param {Plan} plan @param {string[]} tasks
 * @param {{levels: Record<string, number>, heads: Record<string, number>}} sizes */
export function count(plan, tasks, sizes) {
	const each = Object.fromEntries(tasks.map((task) => [task, sizes.heads[task]]));
	let total = tasks.reduce((sum, task) => sum + sizes.heads[task], 0);
	let shared = 0;
	for (const [level, groups] of Object.entries(plan)) {
		for (const group of groups) {
			total += sizes.levels[level];
			if (group.length > 1) shared += sizes.levels[level];
			for (const task of group) each[task] += sizes.levels[level];
		}
	}
	const apart = Object.values(each).reduce((sum, n) => sum + n, 0);
	return { total, shared, apart, each };
}

/** The places that stand side by side, as [first, last]: [0, 1, 3] → [[0, 1], [3, 3]].
 * @param {number[]} places @returns {[number, number][]} */
export function pieces(places) {
	/** @type {[number, number][]} */
	const found = [];
	for (const place of [...places].sort((a, b) => a - b)) {
		const last = found.at(-1);
		if (last && place === last[1] + 1) last[1] = place;
		else found.push([place, place]);
	}
	return found;
}

/** As it is written in Python.
 * @param {Plan} plan */
export function asCode(plan) {
	const groups = (all) => all.map((group) => `[${group.map((task) => `"${task}"`).join(", ")}]`).join(", ");
	const levels = Object.entries(plan).map(([level, all]) => `    "${level}": [${groups(all)}],`);
	return ["SharingPlan({", ...levels, "})"].join("\n");
}
