// The page without a kernel: answers, book and address.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fromAddress, isPlan, keyOf, PageModel, toAddress } from "../../mtl_tutorial/widgets/lab/page.js";

const TASKS = ["person", "relation", "ner"];
const LEVELS = ["embedding", "encoder_1", "encoder_2"];
const hard = Object.fromEntries(LEVELS.map((level) => [level, [TASKS]]));
const chosen = {
	plan: hard, corpus: "en", encoder: "cnn", labels: { person: 60, relation: 2000, ner: 2000, auxiliary: 2000 },
	epochs: 24, learning_rate: 0.003, relatedness: null, weights: {}, seed: 0,
	balancing: "equal", sampling: "mixed", agreement: 0.65, wide: false,
};
const facts = {
	tasks: TASKS, levels: LEVELS, target: "person",
	dials: { corpus: ["en", "zh"], encoder: ["cnn", "mlp"], labels: [60, 2000], balancing: ["equal", "pcgrad"], wide: [false, true] },
};
const answer = {
	settings: { ...chosen, plan: { ...hard } }, epoch: 24, seeds: 5,
	tasks: { person: { points: 12, verdict: "gains" }, relation: { points: 0, verdict: "cannot tell" }, ner: { points: 0, verdict: "cannot tell" } },
};

function model() {
	return new PageModel({ facts, chosen, guesses: { person: "gains", ner: "loses" } }, [answer]);
}

test("a plan is answered from the table, judged, and kept; the guesses are used up", () => {
	const page = model();
	const heard = [];
	page.on("msg:custom", (message) => heard.push(message.heard));
	page.send({ do: "train", id: 1, numbers: [] });
	const { entries, right, judged } = page.get("listed");
	assert.deepEqual([entries.length, right, judged, heard], [1, 1, 2, [1]]);
	assert.equal(page.get("shown").number, 1);
	assert.deepEqual(page.get("guesses"), {});
	assert.deepEqual(entries[0].tasks.relation, { points: 0, verdict: "cannot tell", guess: null, right: null });
	page.set("chosen", { ...chosen, encoder: "mlp" });
	page.send({ do: "train", id: 2, numbers: [] });
	assert.equal(page.get("said").key, "not in table");
	assert.equal(page.get("listed").entries.length, 1);
});

test("runs are compared, removed, brought back, and their numbers are not given again", () => {
	const page = model();
	const say = (wish) => (page.send({ id: 0, numbers: [], ...wish }), page.get("said").key);
	for (let i = 0; i < 3; i++) say({ do: "train" });
	assert.equal(say({ do: "compare" }), "choose two");
	assert.equal(say({ do: "compare", numbers: [1, 3] }), "comparing");
	assert.deepEqual([page.get("shown").number, page.get("beside").number], [1, 3]);
	assert.equal(say({ do: "remove" }), "choose");
	assert.equal(say({ do: "remove", numbers: [3, 1] }), "removed");
	say({ do: "train" });
	assert.deepEqual(page.get("listed").entries.map((entry) => entry.number), [2, 4]);
	assert.equal(say({ do: "undo" }), "undone");
	assert.deepEqual(page.get("listed").entries.map((entry) => entry.number), [1, 2, 3, 4]);
	assert.equal(say({ do: "undo" }), "none removed");
});

test("settings that mean the same have one key", () => {
	const turned = { ...chosen, plan: Object.fromEntries(LEVELS.map((l) => [l, [[...TASKS].reverse()]])), weights: { ner: 1 }, seed: 3 };
	assert.equal(keyOf(turned, TASKS), keyOf(chosen, TASKS));
	for (const other of [{ corpus: "zh" }, { epochs: 7 }, { weights: { ner: 2 } }, { balancing: "pcgrad" }, { sampling: 2 }, { agreement: 0 }, { wide: true }, { labels: { ...chosen.labels, ner: 60 } }])
		assert.notEqual(keyOf({ ...chosen, ...other }, TASKS), keyOf(chosen, TASKS));
});

test("an address says what is on the board, and nothing else comes from it", () => {
	const plan = { embedding: [["person", "relation"], ["ner"]], encoder_1: [["person"], ["relation"]] };
	const state = { ...chosen, plan, encoder: "mlp", balancing: "pcgrad", labels: { ...chosen.labels, person: 2000 } };
	const address = toAddress("zh", state, "person");
	assert.equal(address, "#language=zh&corpus=en&encoder=mlp&balancing=pcgrad&person=2000&plan=embedding:person+relation,ner;encoder_1:person,relation");
	assert.deepEqual(fromAddress(encodeURI(address), "en", chosen, facts), { language: "zh", chosen: state });
	const wide = { ...state, wide: true };
	assert.deepEqual(fromAddress(toAddress("zh", wide, "person"), "en", chosen, facts).chosen, wide);
	for (const wrong of ["", "#", "#language=fr&encoder=x&person=7", "#plan=embedding:person,person", "#plan=embedding:person", "#plan=a:b;__proto__:c", "#plan=encoder_1:person"])
		assert.deepEqual(fromAddress(wrong, "en", chosen, facts), { language: "en", chosen });
});

test("what is no plan is known", () => {
	assert.ok(isPlan(hard, LEVELS, TASKS));
	assert.ok(!isPlan({ embedding: [["person"]] }, LEVELS, TASKS));
	assert.ok(!isPlan({ ...hard, encoder_1: [["person"]], encoder_2: [TASKS] }, LEVELS, TASKS));
	assert.ok(!isPlan({}, LEVELS, TASKS));
});
