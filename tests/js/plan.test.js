// The plan as data: whatever is clicked or dragged, it stays a plan.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as plans from "../../mtl_tutorial/widgets/lab/plan.js";

const LEVELS = ["embedding", "encoder_1", "encoder_2"];
const TASKS = ["person", "relation", "sentiment", "ner", "auxiliary"];
const hard = (tasks = TASKS) => Object.fromEntries(LEVELS.map((level) => [level, [tasks]]));
const separate = () => Object.fromEntries(LEVELS.map((level) => [level, TASKS.map((task) => [task])]));
const board = (plan) => ({ plan, levels: LEVELS, tasks: TASKS });

/** Numbers that look random and are the same every time. */
function* numbers(seed) {
	for (let state = seed; ; ) {
		state = (1103515245 * state + 12345) % 2147483648;
		yield state / 2147483648;
	}
}

/** Throws where it is no plan: a task twice, one that comes back, an empty group, a level out of order. */
export function check(plan) {
	const levels = Object.keys(plan);
	assert.deepEqual(levels, LEVELS.slice(0, levels.length));
	let below = TASKS;
	for (const level of levels) {
		const here = plan[level].flat();
		assert.equal(new Set(here).size, here.length);
		assert.ok(plan[level].every((group) => group.length));
		assert.ok(here.every((task) => below.includes(task)));
		if (level === LEVELS[0]) assert.equal(here.length, TASKS.length);
		assert.deepEqual(plan, plans.inOrder(plan, TASKS));
		below = here;
	}
}

test("whatever is chosen, it is a plan, and the task does what was chosen", () => {
	const random = numbers(7);
	const pick = (all) => all[Math.floor(random.next().value * all.length)];
	let plan = hard();
	for (let i = 0; i < 2000; i++) {
		const [level, task] = [pick(LEVELS), pick(TASKS)];
		const choice = pick(plans.choices(board(plan), level, task));
		const before = JSON.stringify(plan);
		const next = plans.chosen(board(plan), level, task, choice);
		assert.equal(JSON.stringify(plan), before); // a change is a new plan
		check(next);
		assert.deepEqual(plans.now(next, level, task), choice);
		for (const other of TASKS.filter((each) => each !== task))
			for (const each of LEVELS)
				assert.equal(Boolean(plans.groupOf(next, each, other)), Boolean(plans.groupOf(plan, each, other)));
		plan = next;
	}
});

test("a piece goes round: own, shared with each, left, own; nobody leaves the words", () => {
	for (const [level, kinds] of [
		["encoder_1", ["own", "shared", "shared", "shared", "shared", "left", "own"]],
		["embedding", ["own", "shared", "shared", "shared", "shared", "own"]],
	]) {
		let plan = separate();
		const seen = [plans.now(plan, level, "ner").kind];
		for (let i = 1; i < kinds.length; i++) {
			plan = plans.chosen(board(plan), level, "ner", plans.following(board(plan), level, "ner"));
			seen.push(plans.now(plan, level, "ner").kind);
		}
		assert.deepEqual(seen, kinds);
	}
});

test("who leaves is out above, and who comes back is there below", () => {
	const left = plans.leave(board(hard()), "encoder_1", "ner");
	assert.equal(plans.groupOf(left, "encoder_2", "ner"), undefined);
	const back = plans.use(board(left), "encoder_2", "ner", ["person"]);
	assert.deepEqual(plans.now(back, "encoder_2", "ner").others, ["person", "relation", "sentiment", "auxiliary"]);
	assert.deepEqual(plans.groupOf(back, "encoder_1", "ner"), ["ner"]);
	let empty = hard();
	for (const task of TASKS) empty = plans.leave(board(empty), "encoder_2", task);
	assert.deepEqual(Object.keys(empty), ["embedding", "encoder_1"]);
	check(plans.use(board(empty), "encoder_2", "ner", []));
});

test("a task comes and goes beside another", () => {
	const four = plans.only(hard(), TASKS.slice(0, 4));
	assert.deepEqual(plans.joined(four, "auxiliary", "person"), hard());
	const low = plans.leave(board(four), "encoder_2", "person");
	assert.deepEqual(plans.joined(low, "auxiliary", "person").encoder_2.at(-1), ["auxiliary"]);
});

test("equal is what means the same", () => {
	const turned = Object.fromEntries(LEVELS.map((level) => [level, [[...TASKS].reverse()]]));
	assert.ok(plans.same(turned, hard(), TASKS));
	assert.ok(!plans.same(separate(), hard(), TASKS));
});

test("parameters are sums of copies", () => {
	const sizes = {
		levels: { embedding: 1000, encoder_1: 10, encoder_2: 10 },
		heads: { person: 1, relation: 2, sentiment: 3, ner: 4, auxiliary: 5 },
	};
	assert.deepEqual(plans.count(hard(), TASKS, sizes).total, 1020 + 15);
	const apart = plans.count(separate(), TASKS, sizes);
	assert.deepEqual([apart.total, apart.shared, apart.apart], [5 * 1020 + 15, 0, 5 * 1020 + 15]);
	const low = plans.count(plans.leave(board(hard()), "encoder_2", "ner"), TASKS, sizes);
	assert.deepEqual([low.each.ner, low.each.person, low.shared], [1014, 1021, 1020]);
});

test("a wide plan is as large as separate trunks, and separate trunks stay as they are", () => {
	const costs = {
		width: 32,
		levels: { embedding: [0, 1000, 0], encoder_1: [0, 1, 3], encoder_2: [0, 1, 3] },
		heads: { person: [3, 3, 0], relation: [2, 2, 0], sentiment: [3, 3, 0], ner: [9, 9, 0], auxiliary: [3, 3, 0] },
	};
	assert.deepEqual(plans.sizesAt(2, costs).levels, { embedding: 2000, encoder_1: 14, encoder_2: 14 });
	const counted = (plan, width) => plans.count(plan, TASKS, plans.sizesAt(width, costs));
	for (const plan of [hard(), plans.leave(board(hard()), "encoder_1", "ner")]) {
		const width = plans.widened(plan, TASKS, costs);
		assert.ok(width > 32 && width % 2 === 0);
		assert.ok(Math.abs(counted(plan, width).total / counted(plan, 32).apart - 1) < 0.03);
	}
	assert.equal(plans.widened(separate(), TASKS, costs), 32);
});

test("neighbors make one piece", () => {
	assert.deepEqual(plans.pieces([3, 0, 1]), [[0, 1], [3, 3]]);
	assert.deepEqual(plans.pieces([]), []);
});

test("code is as Python has it", () => {
	const code = plans.asCode(plans.only(hard(), ["person", "ner"]));
	assert.equal(code.split("\n")[1], '    "embedding": [["person", "ner"]],');
});
