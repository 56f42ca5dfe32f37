// The sentence box without a kernel: what it makes of logits, and the box's model.

import assert from "node:assert/strict";
import { test } from "node:test";
import { answerer, bestSequence, spans } from "../../mtl_tutorial/widgets/lab/answers.js";
import { BoxModel } from "../../mtl_tutorial/widgets/lab/box_page.js";

const RULES = { labels: ["O", "B-A", "I-A"], only_after: { "I-A": ["B-A", "I-A"] } };
const described = {
	text: { normalize: "NFC", replace: {}, pattern: "[^\\s]", joined: [], lower_case: false },
	vocabulary: ["<pad>", "<unk>", "a"],
	tasks: { mood: { kind: "sequence", labels: ["good", "bad"] }, name: { kind: "token", ...RULES } },
};
const colors = { tasks: { mood: "#111111" }, entities: ["#eeeeee"] };

/** Good, and every token inside one A; remembers what it was asked. */
async function compute(ids) {
	compute.asked = ids;
	return { name: ids.map((_, i) => [1, i ? 0 : 3, 2]), mood: [[2, -1]] };
}

test("the best sequence keeps to the rules of the tags", () => {
	assert.deepEqual(bestSequence([[5, 4, 9], [2, 2, 6]], RULES), [1, 2]);
	assert.deepEqual(bestSequence([[5, 1, 9], [2.5, 2, 3]], RULES), [0, 0]); // no I-A after O, however sure
	assert.deepEqual(spans(["B-A", "I-A", "B-A", "O", "B-B", "I-B"]), [[0, 2, "A"], [2, 3, "A"], [4, 6, "B"]]);
});

test("a typed line is answered, an empty one is not, and what goes wrong is said", async () => {
	const model = new BoxModel({ words: {} }, answerer(described, colors, compute));
	const drawn = [];
	model.on("change:answer", () => drawn.push(model.get("typed")));
	await model.send({ typed: " a<a " });
	const { marked, rows, unknown, guess } = model.get("answer");
	assert.deepEqual(compute.asked, [2, 1, 2]);
	assert.equal(marked[0].map((piece) => piece.text).join(""), "a<a");
	assert.deepEqual(marked[0].filter((piece) => piece.entity), [{ text: "a<a", entity: "A", color: "#eeeeee" }]);
	assert.deepEqual([rows[0].task, rows[0].label, rows[0].color], ["mood", "good", "#111111"]);
	assert.ok(Math.abs(rows[0].probability - 1 / (1 + Math.exp(-3))) < 1e-12);
	assert.deepEqual([unknown, guess], [["<"], false]);
	await model.send({ typed: "  " });
	assert.deepEqual(model.get("answer"), {});
	model.answer = async () => { throw Error("broken", { cause: Error("deep down") }); };
	await model.send({ typed: "a" });
	assert.equal(model.get("trouble").what, "broken");
	assert.match(model.get("trouble").details, /deep down/);
	assert.deepEqual(drawn, ["a<a", "", "a"]);
});

test("whatever answer comes last, the one to what was typed last is shown", async () => {
	const answers = {};
	const model = new BoxModel({ words: {} }, (text) => new Promise((resolve) => { answers[text] = resolve; }));
	const both = ["first", "second"].map((typed) => model.send({ typed }));
	answers.second({ rows: ["second"] });
	answers.first({ rows: ["first"] });
	await Promise.all(both);
	assert.deepEqual([model.get("typed"), model.get("answer")], ["second", { rows: ["second"] }]);
});

test("special tokens that somebody types are unknown words", async () => {
	const whole = { ...described, text: { ...described.text, pattern: "[^\\s]+" } };
	assert.deepEqual((await answerer(whole, colors, compute)("<pad> a")).unknown, ["<pad>"]);
});
