"""Lesson 03, hard sharing: the runs behind its table; exercises on missing labels, layers and plans."""

from typing import TYPE_CHECKING, Any

import numpy as np

from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.exercises import Exercise, Wrong, as_numbers, ask
from mtl_tutorial.experiment import Experiment
from mtl_tutorial.sharing import LEVELS, SharingPlan
from mtl_tutorial.tasks import Kind

if TYPE_CHECKING:
    from mtl_tutorial.startup import keras

LABELS = {"person": 60, "relation": 2000, "sentiment": 2000}
SEEDS, EPOCHS, STEPS_PER_EPOCH = 5, 6, 200
LONG = {"epochs": 2 * EPOCHS}
"""Of the comparison that says who pays: `relation` learns more slowly beside `person`."""
_PAIR = ("person", "relation")
_WORDS = SharingPlan.separate(_PAIR).share("embedding", _PAIR)
_MODELS: dict[tuple[str, tuple[str, ...]], dict[str, Any]] = {  # name, tasks → what is special
    ("alone", ("person",)): LONG,
    ("shared", _PAIR): LONG,
    ("relation muted", _PAIR): {**LONG, "weights": {"relation": 0.0}},
    ("alone", ("relation",)): LONG,
    ("alone, agreement 0", ("person",)): {"agreement": 0.0},
    ("shared, agreement 0", _PAIR): {"agreement": 0.0},
    ("words shared", _PAIR): {"plan": _WORDS},
    ("words shared, agreement 0", _PAIR): {"plan": _WORDS, "agreement": 0.0},
    ("person quiet", _PAIR): {"weights": {"person": 0.1}},
    ("shared", ("person", "sentiment")): {},
}


def experiments() -> list[Experiment]:
    """The runs of ``data/runs/lesson_03.csv.gz``: hard sharing and its controls, both languages."""
    return [
        Experiment(
            model=model,
            tasks=tasks,
            corpus=corpus,
            labels={task: LABELS[task] for task in tasks},
            steps_per_epoch=STEPS_PER_EPOCH,
            learning_rate=3e-3,
            seed=seed,
            **{"epochs": EPOCHS, **special},
        )
        for (model, tasks), special in _MODELS.items()
        for corpus in ("zh", "en")
        for seed in range(SEEDS)
    ]


# -- masked_mean


def _examine_masked_mean(answer: Any) -> None:
    def masked_mean(losses: list, labels: list) -> float:
        shown = f"np.array({losses}), np.array({labels})".replace("nan", "np.nan")
        value = as_numbers(ask(answer, np.array(losses), np.array(labels), shown=shown))
        if value.size != 1:
            raise Wrong(en="Give back one number.", zh="请返回一个数。")
        return float(value.item())

    plain = masked_mean([1.0, 2.0, 6.0], [2, 1, 1])
    if not np.isclose(plain, 3):
        raise Wrong(
            en=f"Start where no label is missing: the mean of the losses 1, 2, 6 is 3; yours is {plain:.3g}.",
            zh=f"先看标签齐全的情形：损失 1、2、6 的平均是 3；你的结果是 {plain:.3g}。",
        )
    zero = masked_mean([1.0, 5.0], [0, 3])
    if not np.isclose(zero, 3):
        raise Wrong(
            en="A sentence with label 0 does not count with you. 0 is a label like any other; only -1 is none.",
            zh="标签为 0 的句子，你没有算进去。0 和别的标签一样是标签；只有 -1 才表示没有标签。",
        )
    some = masked_mean([1.0, 4.0, 9.0, 9.0], [1, 2, -1, -1])
    if np.isclose(some, 5 / 4):
        raise Wrong(
            en="The sum is right, but you divide by all sentences. Two of four labels missing would halve "
            "the task's loss, and with it its say. Divide by the labels present.",
            zh="分子对了，但你除以了全部句子数：四个标签缺两个，任务的损失就减半，说话的分量也减半。应除以有标签的句子数。",
        )
    if not np.isclose(some, 2.5):
        raise Wrong(
            en=f"Losses 1, 4, 9, 9 with the labels 1, 2, -1, -1: only the first two count, (1 + 4) / 2 = 2.5; "
            f"yours is {some:.3g}.",
            zh=f"损失 1、4、9、9，标签 1、2、-1、-1：只算前两个，(1 + 4) / 2 = 2.5；你的结果是 {some:.3g}。",
        )
    unknown = masked_mean([1.0, float("nan")], [1, -1])
    if not np.isclose(unknown, 1):
        raise Wrong(
            en="A loss that is not a number, at a missing label, spoils your result: `nan * 0` is `nan`. "
            "Choose the losses that count instead of multiplying the others by 0.",
            zh="缺标签处的损失若是 nan，你的结果就被毁了：`nan * 0` 还是 `nan`。请挑出要算的损失，而不是把其余的乘以 0。",
        )
    broken = masked_mean([float("nan"), 1.0], [0, 2])
    if not (np.isnan(broken) or np.isclose(broken, 1)):
        raise Wrong(
            en="Here a sentence *with* a label has a loss that is not a number: something is broken. Yours counts it as 0, the best "
            f"loss there is, and gives {broken:.3g}. The mean of `nan` and 1 is `nan`, and that is good: nobody can miss it.",
            zh="这里**有**标签的句子，损失却是 nan：一定是哪里坏了。你把它当成 0，也就是最好的损失，"
            f"结果是 {broken:.3g}。`nan` 和 1 的平均就是 `nan`，这样才好：谁也不会看漏。",
        )
    none = masked_mean([1.0, 2.0], [-1, -1])
    if none != 0:
        raise Wrong(
            en=f"A batch without any label of the task happens often when labels are few. Yours gives {none:.3g}; "
            "it should be 0: nothing to say, and nothing broken.",
            zh=f"标签少的时候，一个批次里常常一个标签也没有。你的结果是 {none:.3g}；应当是 0：无话可说，也不出乱子。",
        )
    if not np.isclose(masked_mean([[1.0, 3.0], [8.0, 7.0]], [[1, 0], [2, -1]]), 4):
        raise Wrong(
            en="Token tasks have a label a token: arrays [sentences, tokens]. Take the mean over all labels present.",
            zh="词元级任务每个词元一个标签：数组的形状是 [句子, 词元]。请对所有存在的标签求平均。",
        )


MASKED_MEAN = Exercise(
    name="masked_mean",
    examine=_examine_masked_mean,
    right={
        "en": "Missing labels neither teach nor dilute, and a batch without labels breaks nothing. "
        "This convention carries all of multi-task learning on real data.",
        "zh": "缺失的标签既不教错东西，也不冲淡损失；一个标签都没有的批次也不出乱子。真实数据上的多任务学习全靠这条约定。",
    },
    hints=[
        {
            "en": "Which losses count? `present = labels != -1`.",
            "zh": "哪些损失要算？`present = labels != -1`。",
        },
        {
            "en": "`losses[present]` holds just those. What is its mean if it is empty?",
            "zh": "`losses[present]` 里只有要算的那些。它若是空的，平均值是什么？",
        },
        {
            "en": "`present.any()` tells whether there is one at all.",
            "zh": "`present.any()` 告诉你到底有没有。",
        },
    ],
    code="""\
def masked_mean(losses, labels):
    present = labels != -1
    return losses[present].mean() if present.any() else 0.0""",
)


# -- split_top

_ROWS = [
    {"text": "tea is hot", "person": "work", "relation": "none"},
    {"text": "my aunt is late", "person": "family", "relation": "work"},
    {"text": "his boss is here", "person": "work", "relation": "family"},
]


def _reached(model: "keras.Model", inputs: np.ndarray, task: str) -> list[bool]:
    """Which of the model's variables a change would make itself felt in the task's output."""
    from mtl_tutorial.startup import tf

    with tf.GradientTape() as tape:
        total = tf.reduce_sum(model(inputs)[task] ** 2)
    return [g is not None for g in tape.gradient(total, model.trainable_variables)]


def _shared_below(model: "keras.Model", inputs: np.ndarray) -> bool:
    """Whether a task's own convolution still matters when the shared one answers 1 to everything."""
    from mtl_tutorial.startup import tf

    own = None
    reached = [_reached(model, inputs, task) for task in model(inputs)]
    for variable, *reaching in zip(model.trainable_variables, *reached, strict=True):
        if all(reaching) and len(variable.shape) == 3:
            variable.assign(np.zeros(variable.shape))
        elif all(reaching) and len(variable.shape) == 1:
            variable.assign(np.ones(variable.shape))
        elif reaching[0] and len(variable.shape) == 3:
            own = variable
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(next(iter(model(inputs).values())) ** 2)
    return bool(np.any(tf.convert_to_tensor(tape.gradient(total, own)) != 0))


def _shared_beside(model: "keras.Model", inputs: np.ndarray) -> bool:
    """Whether the shared convolution still matters when a task's own one answers 1 to everything."""
    from mtl_tutorial.startup import tf

    task, *_ = model(inputs)
    reached = [_reached(model, inputs, t) for t in model(inputs)]
    shared = None
    for variable, *reaching in zip(model.trainable_variables, *reached, strict=True):
        if all(reaching) and len(variable.shape) == 3:
            shared = variable
        elif reaching[0] and not any(reaching[1:]) and len(variable.shape) in (1, 3):
            variable.assign(np.full(variable.shape, float(len(variable.shape) == 1)))
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(model(inputs)[task] ** 2)
    return bool(np.any(tf.convert_to_tensor(tape.gradient(total, shared)) != 0))


def _examine_split_top(answer: Any) -> None:
    from mtl_tutorial.startup import keras

    kinds: dict[str, Kind] = {"person": "sequence", "relation": "sequence"}
    data = MultiTaskData.from_rows({"train": _ROWS}, kinds)
    model = ask(answer, data, shown="data")
    if not isinstance(model, keras.Model):
        raise Wrong(
            en="Give back a model: `keras.Model(tokens, {...})`.",
            zh="请返回一个模型：`keras.Model(tokens, {...})`。",
        )
    inputs = data["train"].inputs
    outputs = model(inputs)
    if not isinstance(outputs, dict) or set(outputs) != set(data.tasks):
        raise Wrong(
            en=f"The model should answer with a dictionary, one entry a task: {list(data.tasks)}.",
            zh=f"模型的输出应是一个字典，每个任务一项：{list(data.tasks)}。",
        )
    wanted = {name: (len(_ROWS), len(task.labels)) for name, task in data.tasks.items()}
    if any(tuple(outputs[name].shape) != shape for name, shape in wanted.items()):
        raise Wrong(
            en=f"Each head gives one number a sentence and label, [sentences, labels]: {wanted}.",
            zh=f"每个头对每个句子、每个标签给出一个数，形状是 [句子, 标签]：{wanted}。",
        )
    by_person, by_relation = (_reached(model, inputs, task) for task in data.tasks)
    reach: dict[str, int] = {"both": 0, "person": 0, "relation": 0}
    words = []  # of each embedding of these data's tokens: do both tasks reach it?
    for variable, p, r in zip(model.trainable_variables, by_person, by_relation, strict=True):
        if len(variable.shape) == 2 and variable.shape[0] == len(data.vocabulary):
            words.append(p and r)
        if len(variable.shape) == 3:
            reach["both" if p and r else "person" if p else "relation"] += 1
    if not words:
        raise Wrong(
            en=f"The data of this check have {len(data.vocabulary)} tokens, and nothing in your model has a row for each. "
            "Is `words` the one of the cells above? That belongs to `hand`. Make `tokens`, `real` and `words` anew "
            "inside the function, with `len(data.vocabulary)`.",
            zh=f"检查所用的数据有 {len(data.vocabulary)} 个词元，而你的模型里没有哪个变量是每个词元一行。用的是上文单元格里的 `words` 吗？"
            "那是 `hand` 的。请在函数里面重新建立 `tokens`、`real` 和 `words`，并用 `len(data.vocabulary)`。",
        )
    if len(words) > 1 and all(words):
        raise Wrong(
            en=f"Your model has {len(words)} embeddings, and both tasks read all of them. `hand` has one.",
            zh=f"你的模型有 {len(words)} 个嵌入层，每一个都供两个任务使用。`hand` 只有一个。",
        )
    if not all(words):
        raise Wrong(
            en="Each task has an embedding of its own: two calls of `layers.Embedding(...)` make two layers. "
            "Make it once, and use what comes out twice.",
            zh="两个任务各有各的嵌入层：调用两次 `layers.Embedding(...)` 就是两个层。请只建一次，把它的输出用两次。",
        )
    again = ask(answer, data, shown="data")
    if any(a is b for a in model.trainable_variables for b in again.trainable_variables):
        raise Wrong(
            en="Two calls of your function give two models that share a layer: to train the one changes the other. "
            "Every layer has to be made inside the function; which one comes from a cell above?",
            zh="调用两次你的函数，得到的两个模型竟然共用一层：训练一个，就会改动另一个。每一层都要在函数里面建；哪一层来自上文的单元格？",
        )
    if reach["both"] == 2 and reach["person"] == 0:
        raise Wrong(
            en="The gradients of both tasks reach both convolutions: this is the model we had. "
            "Call the second convolution once for each task.",
            zh="两个任务的梯度都到达两层卷积：这还是原来的模型。第二层卷积要为每个任务各调用一次。",
        )
    if reach["both"] == 0 and reach["person"] == 2:
        raise Wrong(
            en="Each task has two convolutions of its own. The first is to be shared: call it once, before the tasks part.",
            zh="两个任务各有自己的两层卷积。第一层应当共享：在两个任务分开之前调用一次。",
        )
    if reach["both"] == 1 and reach["person"] == 0:
        raise Wrong(
            en="One convolution is reached by both tasks and none by one alone. One layer object used twice is shared; "
            "for a copy of its own each task needs a call of `convolve`.",
            zh="有一层卷积两个任务都到达，却没有哪层只属于一个任务。同一个层对象用两次，就是共享；要各有一份，就得为每个任务各调用一次 `convolve`。",
        )
    if reach == {"both": 1, "person": 1, "relation": 1} and not _shared_below(model, inputs):
        raise Wrong(
            en="One convolution is shared and each task has one of its own, but the other way round: share the first, "
            "the one on the words, and separate the second.",
            zh="一层共享、一层各自独有，这没错，但次序反了：应当共享紧挨着嵌入层的第一层，分开的是第二层。",
        )
    if reach == {"both": 1, "person": 1, "relation": 1} and _shared_beside(again, inputs):
        raise Wrong(
            en="One convolution is shared and each task has one of its own, but they lie side by side: what the shared one "
            "finds reaches the head past the task's own. Each task's convolution should read what comes out of the shared one, "
            "and its head nothing else.",
            zh="一层共享、一层各自独有，这没错，但它们是并排的：共享那层的输出绕过任务自己的那层，直接到了头。"
            "任务自己的卷积应当读共享卷积的输出，它的头只读它自己的卷积。",
        )
    if reach != {"both": 1, "person": 1, "relation": 1}:
        raise Wrong(
            en=f"Convolutions reached by both tasks: {reach['both']}, by person alone: {reach['person']}, "
            f"by relation alone: {reach['relation']}. It should be one of each.",
            zh=f"两个任务都到达的卷积有 {reach['both']} 层，只有 person 到达的 {reach['person']} 层，"
            f"只有 relation 到达的 {reach['relation']} 层。应当各有一层。",
        )


SPLIT_TOP = Exercise(
    name="split_top",
    examine=_examine_split_top,
    right={
        "en": "Both gradients reach the words and the first convolution; above, each task is by itself. "
        "Calling once is sharing, calling twice is not.",
        "zh": "两个任务的梯度都到达嵌入层和第一层卷积；再往上各走各的。调用一次就是共享，调用两次就不是。",
    },
    hints=[
        {
            "en": "Copy the cell that built `hand`. Which line makes the second convolution, and how often does it run?",
            "zh": "先照抄建 `hand` 的那个单元格。哪一行产生了第二层卷积？它执行了几次？",
        },
        {
            "en": "Stop the trunk after one `convolve`; the other belongs into the dictionary of heads.",
            "zh": "主干到第一个 `convolve` 为止；另一个要放进各个头的字典里。",
        },
        {
            "en": "`head(convolve(shared, real), real, task)` for each task.",
            "zh": "对每个任务写 `head(convolve(shared, real), real, task)`。",
        },
    ],
    code="""\
def split_top(data):
    tokens = keras.Input((None,), dtype="int32")
    real = ops.cast(tokens != PAD, "float32")[..., None]
    words = layers.Embedding(len(data.vocabulary), 32)(tokens)
    shared = convolve(words, real)
    heads = {t: head(convolve(shared, real), real, task) for t, task in data.tasks.items()}
    return keras.Model(tokens, heads)""",
)


# -- four


def _examine_four(answer: Any) -> None:
    if not isinstance(answer, SharingPlan):
        raise Wrong(
            en="A `SharingPlan` is asked for.",
            zh="这里要的是一个 `SharingPlan`。",
        )
    tasks = {"person", "relation", "sentiment", "ner"}
    if set(answer.tasks) != tasks or answer.levels != LEVELS:
        raise Wrong(
            en=f"The plan should have the four tasks and, from the bottom up, the levels {list(LEVELS)}; yours has "
            f"{list(answer.tasks)} and {list(answer.levels)}.",
            zh=f"方案应有四个任务，层级从下往上是 {list(LEVELS)}；你的方案有 {list(answer.tasks)} 和 {list(answer.levels)}。",
        )
    levels = dict(answer)
    if any(len([t for group in groups for t in group]) < len(tasks) for groups in levels.values()):
        raise Wrong(
            en="A task is missing at some level. Here every task goes through all three.",
            zh="有的任务缺了某个层级。这里每个任务都要走完三个层级。",
        )
    words, first, second = ({frozenset(g) for g in levels[level]} for level in answer.levels)
    pair = frozenset({"person", "relation"})
    if words != {frozenset(tasks)}:
        raise Wrong(
            en="All four tasks are to read the same words: one group at the embedding.",
            zh="四个任务要用同一个嵌入层：这个层级只有一个组。",
        )
    if pair not in second or not any(pair <= group for group in first):
        raise Wrong(
            en="`person` and `relation` are to share every level.",
            zh="`person` 和 `relation` 要共享每个层级。",
        )
    if frozenset({"sentiment"}) not in first or frozenset({"sentiment"}) not in second:
        raise Wrong(
            en="`sentiment` shares nothing but the words: it has both encoders of its own.",
            zh="`sentiment` 除了嵌入层什么也不共享：两个编码器都是它自己的。",
        )
    if pair | {"ner"} not in first:
        raise Wrong(
            en="`ner` is to share the first encoder with `person` and `relation`.",
            zh="`ner` 要和 `person`、`relation` 共享第一个编码器。",
        )
    if frozenset({"ner"}) not in second:
        raise Wrong(
            en="`ner` is to have the second encoder for itself.",
            zh="`ner` 的第二个编码器应归它自己。",
        )


FOUR = Exercise(
    name="four",
    examine=_examine_four,
    right={
        "en": "You have written down a model of four tasks without building a single layer. "
        "Whether it is a good one, only an experiment can tell.",
        "zh": "你没有建任何一层，就写下了一个四任务的模型。它好不好，只有实验才知道。",
    },
    hints=[
        {
            "en": "Start from `SharingPlan.hard([...])` with all four, and split.",
            "zh": "从四个任务的 `SharingPlan.hard([...])` 出发，再逐步分开。",
        },
        {
            "en": "Each change gives a new plan, so they can be chained: `.split(...).split(...)`.",
            "zh": "每次改动都给出新的方案，所以可以连着写：`.split(...).split(...)`。",
        },
        {
            "en": "Three splits will do: `sentiment` twice, `ner` once.",
            "zh": "分三次就够了：`sentiment` 两次，`ner` 一次。",
        },
    ],
    code="""\
four = SharingPlan.hard(["person", "relation", "ner", "sentiment"])
four = four.split("encoder_1", "sentiment").split("encoder_2", "sentiment")
four = four.split("encoder_2", "ner")""",
)

EXERCISES = (MASKED_MEAN, SPLIT_TOP, FOUR)
