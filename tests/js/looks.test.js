// Colors that can be read, curves and scales, texts.

import assert from "node:assert/strict";
import { test } from "node:test";
import { reach } from "../../mtl_tutorial/widgets/lab/book.js";
import { band, changed, path, ticks } from "../../mtl_tutorial/widgets/lab/charts.js";
import { contrast, inkOn, legible, parse } from "../../mtl_tutorial/widgets/lab/color.js";
import { sayer, signed, thousands } from "../../mtl_tutorial/widgets/lab/words.js";

const COLORS = ["#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7A5C00"];

test("a task's name can be read on any paper, and what stands in its box too", () => {
	for (const color of COLORS) {
		for (const paper of ["#ffffff", "#f5f5f5", "rgb(17, 17, 17)", "#1e1e1e", "#15191e", "#808080"])
			assert.ok(contrast(parse(legible(color, paper)), parse(paper)) >= 4.5, `${color} on ${paper}`);
		const ink = inkOn(color) === "#fff" ? "#ffffff" : "#000000";
		assert.ok(contrast(parse(ink), parse(color)) >= 4.5, color);
	}
	assert.deepEqual(parse("rgba(0, 0, 0, 0)"), [0, 0, 0, 0]);
	assert.deepEqual(parse("rgb(1, 2, 3)"), [1, 2, 3, 1]);
	assert.equal(parse("transparent")[3], 0);
	assert.equal(Math.round(contrast([0, 0, 0], [255, 255, 255])), 21);
});

test("a line has a gap where a value is missing, and grows at its end", () => {
	const [x, y] = [(i) => 10 * i, (v) => 100 - v];
	assert.equal(path([0, 10, null, 30, 40], x, y), "M0.0 100.0L10.0 90.0M30.0 70.0L40.0 60.0");
	assert.equal(path([0, 10], x, y, 0.5), "M0.0 100.0L5.0 95.0");
	assert.equal(path([], x, y), "");
	assert.equal(band([0, null, 2], [1, null, 4], x, y), "M0.0 99.0L20.0 96.0L20.0 98.0L0.0 100.0Z");
	assert.equal(band([1], [2], x, y), "");
});

test("axes are divided by round numbers", () => {
	assert.deepEqual(ticks(6, 3), [0, 2, 4, 6]);
	assert.deepEqual(ticks(20, 3), [0, 10, 20]);
	assert.deepEqual(ticks(1, 3), [0, 0.5, 1]);
	for (const highest of [0.03, 0.7, 1.79, 3, 12, 1e30]) assert.ok(ticks(highest, 3).length <= 4);
});

test("points have their sign and their interval", () => {
	assert.deepEqual([1.25, -1.25, 0.01, null].map(signed), ["+1.3", "−1.3", "0.0", "–"]);
	const say = (key) => key;
	assert.equal(changed(say, { points: 17.2, low: 12.1, high: 22.3, verdict: "gains" }), "+17.2 ± 5.1 gains");
	assert.equal(changed(say, { points: -3, low: null, high: null, verdict: "cannot tell" }), "−3.0 cannot tell");
	assert.equal(thousands(1234567), "1,234,567");
	const entry = { tasks: { a: { points: 2, low: -9, high: 13 }, b: { points: null, low: null, high: null } } };
	assert.equal(reach([entry]), 13);
	assert.equal(reach([]), 5);
});

test("texts are filled in, and one that is missing is an error", () => {
	const say = sayer({ epoch: "epoch {epoch} of {epochs}" });
	assert.equal(say("epoch", { epoch: 3, epochs: 6 }), "epoch 3 of 6");
	assert.throws(() => say("nothing"), /no "nothing"/);
});
