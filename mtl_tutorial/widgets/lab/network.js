// The network of a packed model (box_model.py): embedding, convolutions, pooling, heads, in float64.

/** The arrays of a packed model, by name; each with its shape.
 * @param {any} packed @returns {Record<string, { shape: number[], values: Float32Array }>} */
export function arrays(packed) {
	const bytes = Uint8Array.from(atob(packed.weights), (letter) => letter.charCodeAt(0));
	let at = 0;
	return Object.fromEntries(Object.entries(packed.arrays).map(([name, shape]) => {
		const size = shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1);
		const values = new Float32Array(bytes.buffer, 4 * at, size);
		at += size;
		return [name, { shape, values }];
	}));
}

/** Each row of x times a matrix, plus a bias.
 * @param {number[][]} x [time, from] @param {Float32Array} kernel [from, to] @param {Float32Array} bias [to] */
function dense(x, kernel, bias) {
	const to = bias.length;
	return x.map((row) => {
		const sums = Array.from(bias);
		row.forEach((value, i) => {
			for (let j = 0; j < to; j++) sums[j] += value * kernel[i * to + j];
		});
		return sums;
	});
}

/** Each token with its neighbors through the kernel, then ReLU; beyond the ends stand zeros.
 * @param {number[][]} x [time, from] @param {any} kernel [width, from, to] @param {Float32Array} bias [to] */
function convolution(x, { shape: [width, from], values }, bias) {
	const reach = (width - 1) / 2, nothing = Array(from).fill(0);
	const windows = x.map((_, t) => Array.from({ length: width }, (_, k) => x[t + k - reach] ?? nothing).flat());
	return dense(windows, values, bias).map((row) => row.map((value) => Math.max(value, 0)));
}

/** What a packed model says to the ids of a sentence: task → logits, [[labels]] or [tokens, labels].
 * @param {any} packed @returns {(ids: number[]) => Record<string, number[][]>} */
export function network(packed) {
	const found = arrays(packed);
	/** @param {string} name */
	const of = (name) => ({ kernel: found[`${name}/kernel`], bias: found[`${name}/bias`].values });
	return (ids) => {
		/** @type {Record<string, number[][]>} */
		const outputs = {}; // of layers that several tasks share, once
		/** @param {string[]} path */
		const climb = (path) => {
			const name = path[path.length - 1];
			if (outputs[name]) return outputs[name];
			if (path.length === 1) {
				const { shape: [, units], values } = found[`${name}/embeddings`];
				return (outputs[name] = ids.map((id) => Array.from(values.subarray(id * units, (id + 1) * units))));
			}
			const { kernel, bias } = of(name);
			return (outputs[name] = convolution(climb(path.slice(0, -1)), kernel, bias));
		};
		return Object.fromEntries(Object.entries(packed.paths).map(([task, path]) => {
			const x = climb(path);
			const read = packed.tasks[task].kind === "token" ? x : [x[0].map((_, i) => Math.max(...x.map((row) => row[i])))];
			const { kernel, bias } = of(`${task}_head`);
			return [task, dense(read, kernel.values, bias)];
		}));
	};
}
