// A model in a file of ONNX, run by ONNX Runtime (onnxruntime-web), whose folder lies beside the page.

const RUNTIME = "./onnxruntime/ort.wasm.min.mjs"; // box_page.py puts it there

/** What asks a model: token ids → task → logits, [[labels]] or [tokens, labels].
 * @param {string} address of the model's file
 * @returns {Promise<(ids: number[]) => Promise<Record<string, number[][]>>>} */
export async function engine(address) {
	const ort = await import(RUNTIME);
	ort.env.wasm.numThreads = 1; // for more, a server must send headers that a plain one does not
	const session = await ort.InferenceSession.create(address);
	return async (ids) => {
		const tokens = new ort.Tensor("int32", ids, [1, ids.length]);
		const found = Object.entries(await session.run({ tokens }));
		return Object.fromEntries(found.map(([task, logits]) => [task, rows(logits)]));
	};
}

/** @param {{ dims: number[], data: Float32Array }} tensor of one sentence */
function rows({ dims, data }) {
	const labels = dims[dims.length - 1];
	return Array.from({ length: data.length / labels }, (_, i) => Array.from(data.subarray(i * labels, (i + 1) * labels)));
}
