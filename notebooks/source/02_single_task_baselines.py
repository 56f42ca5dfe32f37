# %% [markdown] lang="en"
# # Lesson 02 · Single-task baselines
#
# **How well does one model for each task do, and against whom?**
#
# After this lesson you can
#
# 1. build the classic text classifier layer by layer, and tune it without fooling yourself, beside a rival that is tuned as hard;
# 2. read learning curves: too small, too few labels, too long, and four bugs that give no error message;
# 3. compute a gradient by hand, find the layer where gradients vanish, and cure it.
#
# It is two lessons in one file. **Part one, the classifier** (sections 0 to 9: reading 50 minutes, exercises 1 and 2 another 20) ends with the test part, which is read once.
# **Part two, gradients and bugs** (sections 10 to 12: reading 35 minutes, exercises 3 and 4 another 25) needs the cells of part one, but not the same day.
#
# *All cells together run in under 60 seconds and need less than 1.2 GB of memory.
# It builds on lesson 01 (ids, padding, missing labels, the laziest model).*

# %% [markdown] lang="zh"
# # 第 02 课 · 单任务基线
#
# **每个任务各用一个模型，能做到多好？又是跟谁比？**
#
# 学完本课，你能够
#
# 1. 一层一层搭出经典的文本分类器，老老实实地调参，并和一个同样认真调过的对手比较；
# 2. 看懂学习曲线：模型太小、标签太少、训练太久，还有四种从不报错的程序错误；
# 3. 亲手算出梯度，找到梯度在哪一层消失，并把它治好。
#
# 这一个文件里其实是两课。**上半课：分类器**（第 0 至 9 节，阅读约 50 分钟，练习 1、2 约 20 分钟），最后读一次测试集，只读这一次。
# **下半课：梯度和错误**（第 10 至 12 节，阅读约 35 分钟，练习 3、4 约 25 分钟），要先运行上半课的单元格，但不必在同一天。
#
# *全部单元格运行不到 60 秒，内存不到 1.2 GB。
# 需要先学第 01 课（编号、补齐、缺失的标签、最懒的模型）。*

# %% tags=["language"]
LANGUAGE = "en"

# %%
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from mtl_tutorial import exercises, people, plots, scoring, tokenize
from mtl_tutorial.startup import keras, tf

lesson = exercises.lesson("02", LANGUAGE)
plt.rcParams["font.family"] = plots.fonts.families()  # Chinese too | 中文也能显示
data = people.load(LANGUAGE)
train, valid = data["train"], data["valid"]

# %% [markdown] lang="en"
# # Part one · The classifier
#
# There is a third part, `data["test"]`. It stays locked until section 9. Whatever we compare, choose or draw before, we do by `valid`.
#
# ## 0 · The script that everybody knows
#
# Articles about multi-task learning like to begin with a script of fifteen lines: load arrays, split off a fifth, an embedding of 10,000 words by 100 features, a dense layer of 64, dropout, Adam, a tenth for validation; evaluate, save, and ask for the sentiment of one sentence. Here it is whole, in plain Keras, and it runs. (Its arrays are our *training* sentences, ids and labels as lesson 01 made them; the fifth that it is evaluated on is a fifth of these.)

# %% [markdown] lang="zh"
# # 上半课 · 分类器
#
# 数据还有第三部分 `data["test"]`，在第 9 节之前一直锁着。此前无论比较、挑选还是画图，用的都是 `valid`。
#
# ## 0 · 人人见过的那段程序
#
# 讲多任务学习的文章，开头常有一段十五行的程序：读入数组，划出五分之一，10000 个词、每词 100 维的嵌入（embedding）层，64 个单元的全连接层（dense layer），暂退法（dropout），Adam，再留十分之一作验证；然后评估、保存，问一句话的情感。下面就是它，一行不缺，用的是普通的 Keras，而且能运行。（数组是我们的**训练**句子，编号和标签的做法见第 01 课；用来评估的五分之一，也出自训练句子。）

# %%
Path("results").mkdir(exist_ok=True)
np.savez_compressed("results/lesson_02.npz", x=train.inputs, y=train.targets["sentiment"])
text = {
    "en": "This is a piece of text, to be classified by its sentiment.",
    "zh": "这是一段文本，用于进行情感分类",
}[LANGUAGE]

# %%
with np.load("results/lesson_02.npz") as kept:
    x, y = kept["x"], kept["y"]
cut = int(0.8 * len(x))

keras.utils.set_random_seed(0)
script = keras.Sequential([
    keras.layers.Embedding(10000, 100),
    keras.layers.Dense(64, activation="relu"),
    keras.layers.GlobalMaxPooling1D(),
    keras.layers.Dropout(0.2),
    keras.layers.Dense(3, activation="softmax"),
])
script.compile(keras.optimizers.Adam(), "sparse_categorical_crossentropy", metrics=["accuracy"])
script.fit(x[:cut], y[:cut], batch_size=64, epochs=3, validation_split=0.1, verbose=0)
_, script_accuracy = script.evaluate(x[cut:], y[cut:], verbose=0)
script.save("results/lesson_02.keras")
ids = data.vocabulary.encode([tokenize(text)])
answer = script.predict(ids, verbose=0)[0]

# %%
script.summary()
pd.Series(answer, data.tasks["sentiment"].labels, name=text).round(2), round(script_accuracy, 3)

# %% [markdown] lang="en"
# Three to four sentences in five are right. (What it says of our sentence means nothing: no opinion is in it, and nothing like it is in training. But a softmax cannot keep silent.)
#
# In print the script is mostly shorter, and then it cannot run. Four things are left out again and again; try what happens without them:

# %% [markdown] lang="zh"
# 五句里能对三四句。（至于它对我们那句话的回答，没有什么意义：那句话里本来没有褒贬，训练集里也没有这样的句子。可是 softmax 不会沉默。）
#
# 印出来的程序往往更短，于是运行不了。有四样东西常常漏掉；漏了会怎样，试一试就知道：


# %%
def attempt(run):
    """What comes of it: the kind of error and how its message begins.
    | 结果如何：错误的种类，以及报错信息的开头。"""
    try:
        return str(run())[:60]
    except Exception as error:
        return f"{type(error).__name__}: {' '.join(str(error).split())[:60]} …"


unpooled = keras.Sequential([
    keras.layers.Embedding(10000, 100), keras.layers.Dense(3, activation="softmax"),
])
unpooled.compile("adam", "sparse_categorical_crossentropy")
rows = [data.vocabulary.encode([tokens])[0] for tokens in train.tokens[:2]]
left_out = {
    "text in place of ids | 没有编号": lambda: script.predict(text, verbose=0),
    "no padding | 没有补齐": lambda: np.array(rows),
    "no pooling | 没有池化": lambda: unpooled.fit(x[:64], y[:64], verbose=0),
    "more than 10,000 words | 词多于 10000": lambda: script.predict(np.array([[10000]]), verbose=0),
}

# %%
came_of_it = pd.Series({name: attempt(run) for name, run in left_out.items()})
came_of_it.to_frame("").style

# %% [markdown] lang="en"
# - **Ids.** A network multiplies numbers. A sentence as it stands is none; tokenizer and vocabulary (lesson 01) have to be kept and used again, the *same* ones.
# - **Padding.** Sentences of different lengths make no array. (`np.load` would also refuse what NumPy used to make of them, an array of Python objects.)
# - **Pooling.** `Dense(64)` behind an embedding works on each token by itself. Without a layer that makes one vector of a sentence there are as many answers as tokens, and one label.
# - **The vocabulary's size.** An id has to be smaller than the first number of `Embedding`. On a graphics card even this error is silent: the vector is just 0.
#
# And one mistake is left that gives no error at all, also in the script above. You will find it in section 2, when we build it again by hand.
#
# ## 1 · Two rivals without a network
#
# A score means nothing by itself; somebody has to be beaten. The first rival is the **laziest model** of lesson 01, which gives every sentence the commonest label.

# %% [markdown] lang="zh"
# - **编号**：网络只会算数，一句话本身不是数；要用分词器和词表（第 01 课）把它变成编号，而且必须是训练时的**同一份**。
# - **补齐**：长短不一的句子排不成数组。（NumPy 从前会把它们装成一个 Python 对象的数组，这种数组 `np.load` 也拒绝读取。）
# - **池化**（pooling）：嵌入层后面的 `Dense(64)` 对每个词元各算各的。若没有一层把整句并成一个向量，有多少词元就有多少个回答，而标签只有一个。
# - **词表大小**：编号必须小于 `Embedding` 的第一个数。在显卡上，连这个错误也不报：那个向量就是 0。
#
# 还有一个错误从不报错，上面的程序里也有。第 2 节亲手再搭一遍时，你会找到它。
#
# ## 1 · 两个不用神经网络的对手
#
# 分数本身不说明什么，总要有个被超过的对象。第一个对手是第 01 课里**最懒的模型**：不管什么句子，一律回答最常见的标签。

# %%
lazy = {
    task: (valid.targets[task] == np.bincount(train.targets[task]).argmax()).mean()
    for task in ("sentiment", "person", "relation")
}
pd.Series(lazy, name="accuracy").round(3)

# %% [markdown] lang="en"
# The second rival deserves respect. A **bag of words** tells how often each token occurs in a sentence, and nothing else: the words are shaken up in a bag, and their order is lost. A tiny example:

# %% [markdown] lang="zh"
# 第二个对手值得尊敬。**词袋**（bag of words）只记录每个词元在句子里出现几次，别的一概不管：好比把词都装进袋子里摇匀，顺序就没了。看一个小例子：

# %%
tiny = ["hot tea is tea", "is tea hot ?"]
words = ["hot", "is", "tea", "?"]
pd.DataFrame([[text.split().count(w) for w in words] for text in tiny], tiny, words)

# %% [markdown] lang="en"
# On it sits **logistic regression** (Cox 1958). Every label has one weight a token; its score is the sum of count × weight, and a softmax turns the scores into probabilities. scikit-learn has both. (`analyzer=list`: our sentences come as tokens already.)

# %% [markdown] lang="zh"
# 词袋上面是**逻辑回归**（logistic regression，Cox 1958）：每个标签给每个词元一个权重，把“次数 × 权重”加起来就是这个标签的得分，再用 softmax 把得分变成概率。两者 scikit-learn 里都有。（`analyzer=list`：我们的句子已经切成词元了。）

# %%
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

threadpool_limits(1)  # on tables this small, more threads only wait
# | 表这么小，线程多了只会互相等待
counter = CountVectorizer(analyzer=list)
bags = counter.fit_transform(train.tokens)
bags_valid = counter.transform(valid.tokens)
bags.shape

# %% [markdown] lang="en"
# One knob has to be turned: `C`, how much the weights may grow. With a small C the model must content itself with a rough rule; with a large one it may learn every training sentence by heart.
#
# **Predict.** For `person`, what share of the validation sentences will the bag of words get right? Guessing gets a sixth.

# %% [markdown] lang="zh"
# 有一个旋钮要调：`C`，即允许权重长到多大。C 小，模型只能学个大概的规律；C 大，它可以把每个训练句子都背下来。
#
# **先预测。** 在 `person` 任务上，词袋能答对多大比例的验证句子？瞎猜能对六分之一。

# %%
bag_guess = lesson.predict_first(person=...)
bag_guess


# %%
def bag_model(task, strength):
    return LogisticRegression(C=strength, max_iter=1000).fit(bags, train.targets[task])


def bag_score(model, task):
    return model.score(bags_valid, valid.targets[task])


rows = []
for C in (0.0001, 0.001, 0.01, 0.1, 1.0, 10.0):
    model = bag_model("person", C)
    rows.append([C, model.score(bags, train.targets["person"]), bag_score(model, "person")])
by_strength = pd.DataFrame(rows, columns=["C", "train", "valid"]).set_index("C")

# %%
by_strength.plot(logx=True, marker="o", figsize=(5, 2.8), ylabel="accuracy | 准确率", ylim=(0, 1.03))
plt.show()
bag_guess.compare(person=float(by_strength["valid"].max()))

# %% [markdown] lang="en"
# The picture is the whole drama of machine learning. To the right training approaches 100 %, and validation *falls*: the model learns the training sentences by heart, **overfitting**. At the left end both curves are low, **underfitting**. We take the C at which *validation* is best.
#
# Four sentences in five, from a bag of shaken words. That is the one to beat.
#
# ## 2 · The classic classifier, by hand
#
# Now the neural classifier that a thousand tutorials begin with. In small numbers: five tokens, two features a token, three units, two labels.

# %% [markdown] lang="zh"
# 这张图演的正是机器学习的全部悲喜。往右，训练准确率接近 100%，验证准确率反而**下降**：模型在背训练句子，这叫**过拟合**（overfitting）。最左端两条曲线都低，这叫**欠拟合**（underfitting）。我们取**验证集**上最好的那个 C。
#
# 五句能对四句，靠的只是一袋摇匀的词。要超过的就是它。
#
# ## 2 · 亲手搭出经典分类器
#
# 现在来看无数教程开篇都会讲的那个神经分类器。先用小数字：五个词元，每个词元两个特征，三个单元，两个标签。

# %%
# <pad>, <unk>, tea, is, hot | <pad>、<unk>、茶、很、热
E = np.array([[0, 0], [0, 0], [1, -1], [0, 1], [2, 1]])
W, b = np.array([[1, -1, -1], [0, 1, -0.5]]), np.array([0, 0, 0.5])
U = np.array([[1, 0], [0, 1], [0, 4]])


def softmax(z):
    return np.exp(z) / np.exp(z).sum()


# %% [markdown] lang="en"
# Four steps: look up each token's vector (the **embedding**), send each through the same dense layer with ReLU (what is below 0 becomes 0), keep of each unit the strongest value in the sentence (**pooling**), and classify.

# %% [markdown] lang="zh"
# 四步：查出每个词元的向量（即**嵌入**）；让每个向量通过同一个带 ReLU 的全连接层（小于 0 的都变成 0）；对每个单元，只留下它在整句中最强的值（即**池化**）；最后分类。

# %%
x = E[[2, 3, 4]]  # "tea is hot"  [time, 2]
h = np.maximum(0, x @ W + b)  # [time, 3]
print("units\n", h)
print("strongest", h.max(axis=0), "  probabilities", softmax(h.max(axis=0) @ U).round(2))

# %% [markdown] lang="en"
# In an array of many sentences this one may be followed by padding. Padding is no word. So the probabilities must not change.

# %% [markdown] lang="zh"
# 在放着许多句子的数组里，这一句后面可能跟着补齐。补齐不是词，所以概率不该变。

# %%
h = np.maximum(0, E[[2, 3, 4, 0, 0]] @ W + b)
print("strongest", h.max(axis=0), "  probabilities", softmax(h.max(axis=0) @ U).round(2))

# %% [markdown] lang="en"
# They turned over completely! Padding has the vector 0, but the layer adds its bias `b`, and with 0.5 the third unit of the padding is stronger than that of all words. No error, no warning: the answer depends on how long the *longest* sentence of the array is.
#
# ### Exercise 1 · `strongest`
#
# Write `strongest(h, real)`. `h` has the shape [sentences, time, units], and `real` [sentences, time] is True at tokens, False at padding. Give back the strongest value of each unit among the *real* tokens, [sentences, units]. Mind that all real values of a unit may be below 0 (there are other activations than ReLU).

# %% [markdown] lang="zh"
# 答案整个翻过来了！补齐的向量是 0，可是这一层还要加上偏置（bias）`b`，于是第三个单元在补齐处是 0.5，比所有的词都强。没有报错，没有警告：答案竟取决于数组里**最长**的句子有多长。
#
# ### 练习 1 · `strongest`
#
# 请写 `strongest(h, real)`。`h` 的形状是 [句子, 时间, 单元]；`real` 的形状是 [句子, 时间]，词元处为 True，补齐处为 False。返回每个单元在**真**词元中最强的值，形状为 [句子, 单元]。注意：某个单元在所有真词元上都可能小于 0（激活函数（activation function）不止 ReLU 一种）。


# %% tags=["exercise"] exercise="strongest"
def strongest(h, real):
    return ...


# %%
lesson["strongest"].check(strongest)
# lesson["strongest"].hint()
# lesson["strongest"].solution()

# %% [markdown] lang="en"
# In Keras the four steps are four layers. Behind ReLU nothing is below 0, so there it is enough to multiply padding by 0. **Dropout** hides a fifth of the features at random, in training only, so that the model does not rely on any single one (Srivastava et al. 2014).

# %% [markdown] lang="zh"
# 在 Keras 里，这四步就是四层。ReLU 之后没有小于 0 的值，所以把补齐处乘以 0 就够了。**暂退法**只在训练时起作用：随机遮住五分之一的特征，使模型不会只依赖其中某一个（Srivastava 等 2014）。


# %%
def classifier(num_labels, units=64, per_token=False):
    tokens = keras.Input((None,), dtype="int32")
    x = keras.layers.Embedding(len(data.vocabulary), 100)(tokens)  # [batch, time, 100]
    x = keras.layers.Dense(units, activation="relu")(x)  # [batch, time, units]
    if not per_token:
        real = keras.ops.cast(tokens != 0, "float32")  # [batch, time]
        x = keras.ops.max(x * real[..., None], axis=1)  # [batch, units]
    x = keras.layers.Dropout(0.2)(x)
    return keras.Model(tokens, keras.layers.Dense(num_labels, activation="softmax")(x))


# %% [markdown] lang="en"
# **Predict.** How many parameters does the classifier for `person` have? It knows `len(data.vocabulary)` tokens and has 6 labels. Do it on paper: embedding, first dense layer (with bias), second dense layer (with bias). What share is the embedding's?

# %% [markdown] lang="zh"
# **先预测。** `person` 的分类器有多少参数？它认识 `len(data.vocabulary)` 个词元，有 6 个标签。请在纸上算：嵌入层，第一个全连接层（含偏置），第二个全连接层（含偏置）。其中嵌入层占多大比例？

# %%
len(data.vocabulary)

# %%
size_guess = lesson.predict_first(parameters=..., share_of_embedding=...)
size_guess

# %%
keras.utils.set_random_seed(0)
model = classifier(num_labels=6)
embedding = len(data.vocabulary) * 100
size_guess.compare(
    parameters=model.count_params(), share_of_embedding=embedding / model.count_params()
)

# %% [markdown] lang="en"
# Nearly everything is embedding. Remember this for the end of the lesson.
#
# A sanity check before any training: padding must change nothing now, and a model that has learned nothing should hesitate between all six labels.

# %% [markdown] lang="zh"
# 几乎全是嵌入。请记住这一点，到本课结尾会用上。
#
# 训练之前先检查一下：补齐现在不应有任何影响；什么都没学过的模型，应当在六个标签之间拿不定主意。

# %%
short, long = valid.inputs[:1], np.pad(valid.inputs[:1], [(0, 0), (0, 30)])
print(np.array_equal(model.predict(short, verbose=0), model.predict(long, verbose=0)))
model.predict(short, verbose=0).round(3)

# %% [markdown] lang="en"
# ## 3 · What guessing costs
#
# Training makes a **loss** small. Ours is the cross entropy: −log of the probability that the model gave to the right label. With the scores $z$ of the last layer, which softmax turns into probabilities $p$, and the right label $y$:
#
# $$p_k = \frac{e^{z_k}}{\sum_j e^{z_j}}, \qquad L = -\log p_y$$
#
# Who is sure and right pays nothing; who is sure and wrong pays much. And who guesses among six pays

# %% [markdown] lang="zh"
# ## 3 · 瞎猜的代价
#
# 训练就是让**损失**（loss）变小。我们用的是交叉熵（cross entropy）：模型给正确标签的概率，取对数再取负。记最后一层的得分为 $z$，softmax 把它变成概率 $p$，正确标签为 $y$：
#
# $$p_k = \frac{e^{z_k}}{\sum_j e^{z_j}}, \qquad L = -\log p_y$$
#
# 有把握而且答对，不用付代价；有把握却答错，代价很大。而六选一瞎猜，代价是

# %%
np.log(6)


# %% [markdown] lang="en"
# Keep this number in mind: a loss that *begins* anywhere else than near log(number of labels) is a symptom. (Section 11 will need it.)
#
# Where a label is missing, nothing must be paid. Keras takes a weight for each label: 1 where there is one, 0 elsewhere. (-1 itself is not a label that Keras could look up; any other will do, since it counts for nothing.)

# %% [markdown] lang="zh"
# 记住这个数：损失的**起点**若不在 log(标签数) 附近，就是一种症状。（第 11 节用得着。）
#
# 标签缺失的地方，不该付任何代价。Keras 允许给每个标签一个权重：有标签处为 1，没有处为 0。（-1 本身不是 Keras 查得到的标签，要换成别的；换成哪个都行，反正不算数。）


# %%
def labels_and_weights(y):
    present = y != -1
    return np.where(present, y, 0), present.astype("float32")


labels_and_weights(np.array([0, 3, -1, -1]))

# %% [markdown] lang="en"
# Four sentences, two of them without a label, and a model that guesses: the loss should be log 6. Keras averages in several ways.

# %% [markdown] lang="zh"
# 四个句子，两个没有标签，模型瞎猜：损失应是 log 6。Keras 求平均有好几种方式。

# %%
some, weights = labels_and_weights(np.array([0, 3, -1, -1]))
guess = np.full((4, 6), 1 / 6)
for way in ("sum_over_batch_size", "mean_with_sample_weight"):
    loss = keras.losses.SparseCategoricalCrossentropy(reduction=way)
    print(f"{way:24} {float(loss(some, guess, sample_weight=weights)):.3f}")

# %% [markdown] lang="en"
# The first is what you get if you ask for nothing. It divides by *all four*, so a task with half of its labels weighs half as much, silently. With one task Adam, which divides by the gradient's size, hardly notices. With several, it changes which one the model cares about. We take the second.
#
# ## 4 · The first training

# %% [markdown] lang="zh"
# 什么都不指定，得到的就是第一种。它除以**全部四个**，于是标签只有一半的任务，分量也只剩一半，而且悄无声息。只有一个任务时，Adam 会除以梯度（gradient，第 10 节会讲）的大小，几乎没有影响；有几个任务时，模型在意谁就变了。我们用第二种。
#
# ## 4 · 第一次训练

# %%
LOSS = keras.losses.SparseCategoricalCrossentropy(reduction="mean_with_sample_weight")


def fit(model, task, epochs, rows=slice(None), learning_rate=0.003):
    """Train on the sentences `rows`; give the curves, a row an epoch.
    | 用 `rows` 这些句子训练；返回曲线，一行一轮。"""
    model.compile(
        keras.optimizers.Adam(learning_rate), LOSS, weighted_metrics=["accuracy"],
        jit_compile=False, steps_per_execution=10,  # faster, with the same result | 只为快，不改变结果
    )
    y, weights = labels_and_weights(train.targets[task][rows])
    check = (valid.inputs, *labels_and_weights(valid.targets[task]))
    history = model.fit(
        train.inputs[rows], y, sample_weight=weights, validation_data=check,
        batch_size=64, validation_batch_size=500, epochs=epochs, verbose=0,
    )
    return pd.DataFrame(history.history, index=range(1, epochs + 1))


# %% [markdown] lang="en"
# Adam (Kingma & Ba 2015) takes the steps; one **epoch** is one pass over the 6,000 sentences. (The last line of `compile` saves time and changes no result: compiling to machine code costs more than it saves without a graphics card, and ten steps are taken at a time, before Python has its say again.)
#
# **Predict.** Eight epochs. In which of them is the validation *loss* lowest? And what accuracy does validation end with: better than the bag of words?

# %% [markdown] lang="zh"
# 参数由优化器（optimizer）Adam（Kingma & Ba 2015）一步一步地更新；把 6000 个句子过一遍，叫一**轮**（epoch）。（`compile` 的最后一行只省时间，不改变结果：不编译成机器码，因为没有显卡时编译花的时间比省下的还多；一次连走十步，再回到 Python。）
#
# **先预测。** 训练八轮。验证集的**损失**在第几轮最低？最后的验证准确率是多少，比词袋好吗？

# %%
first_guess = lesson.predict_first(epoch_of_lowest_loss=..., accuracy=...)
first_guess

# %%
curves = fit(model, "person", epochs=8)
first_guess.compare(
    epoch_of_lowest_loss=int(curves["val_loss"].idxmin()), accuracy=curves["val_accuracy"].iloc[-1]
)


# %%
def draw(runs, size=(9, 2.8)):
    """Loss of some runs in a row of charts: training and validation.
    | 把几次训练的损失并排画出来：训练集和验证集。"""
    _, charts = plt.subplots(1, len(runs), figsize=size, layout="constrained")
    for axes, (name, run) in zip(np.atleast_1d(charts), runs.items(), strict=True):
        axes.plot(run["loss"], "C7", label="training | 训练集")
        axes.plot(run["val_loss"], "C0", lw=2, label="validation | 验证集")
        axes.set(title=name, xlabel="epoch | 轮", ylabel="loss | 损失", ylim=(0, None))
    axes.legend(frameon=False)
    plt.show()


draw({"person, all labels | person，全部标签": curves}, size=(5, 2.8))

# %% [markdown] lang="en"
# These are **learning curves**. The gray one, training, goes on falling. The blue one has its lowest point after a few epochs and then turns up: what the model learns from there on is true of the training sentences only. Accuracy hardly shows it, for an answer stays right while the model grows too sure of the wrong ones.
#
# (In the first epoch validation looks *better* than training. No wonder: Keras averages the training loss over the whole epoch, beginning with the untrained model, and with dropout switched on.)
#
# So we should stop at the lowest point. But while training we do not know whether a lower one is still to come. **Early stopping** waits a while: it stops when so many epochs (the *patience*) have passed without a new lowest loss, and goes back to the best one.
#
# ### Exercise 2 · `when_to_stop`
#
# `when_to_stop(losses, patience)` takes the validation losses of all epochs and gives back two numbers: the epoch after which training stops, and the best epoch up to then. Epochs count from 1. If nothing stops it, training ends with the last epoch. An equal loss is not a better one.

# %% [markdown] lang="zh"
# 这叫**学习曲线**（learning curve）。灰色的训练曲线一直往下走。蓝色的验证曲线几轮之后到达最低点，随即掉头向上：从那以后学到的东西，只对训练句子成立。准确率上几乎看不出来，因为答对的仍旧答对，只是模型对答错的越来越自信。
#
# （第一轮里，验证集看上去反而比训练集**好**。不奇怪：Keras 的训练损失是整轮的平均，从还没学过的模型算起，而且暂退法开着。）
#
# 所以应当停在最低点。可是训练的时候，谁也不知道后面还有没有更低的。**早停**（early stopping）的办法是等一等：若连续若干轮（这个数叫**耐心**，patience）都没有刷新最低损失，就停下，并退回到最好的那一轮。
#
# ### 练习 2 · `when_to_stop`
#
# `when_to_stop(losses, patience)` 接收各轮的验证损失，返回两个数：训练停在第几轮之后，以及到那时为止最好的是第几轮。轮数从 1 开始数。若一直没有触发，就停在最后一轮。持平不算更好。


# %% tags=["exercise"] exercise="when_to_stop"
def when_to_stop(losses, patience):
    return ...


# %%
lesson["when_to_stop"].check(when_to_stop)
# lesson["when_to_stop"].hint()
# lesson["when_to_stop"].solution()

# %% [markdown] lang="en"
# In Keras it is a callback, `keras.callbacks.EarlyStopping(patience=4, restore_best_weights=True)`; in the package `train(..., early_stopping=4)`, which watches the validation score (the mean of the tasks) in place of the loss.
#
# ## 5 · Too small, too few
#
# "Too long" we have seen. Two more ways to go wrong, from the same code: a classifier with a single unit instead of 64 (on half of the sentences, to save time), and one that gets only 60 labeled sentences (repeated, so that an epoch is ten steps).
#
# **Predict.** Which of the two ends with a *training* loss near 0? In which are the two curves close together? Answer with `"one unit"` or `"60 labels"`.

# %% [markdown] lang="zh"
# 在 Keras 里，早停是一个回调（callback）：`keras.callbacks.EarlyStopping(patience=4, restore_best_weights=True)`；在包里是 `train(..., early_stopping=4)`，不过它看的不是损失，而是各任务验证分数的平均。
#
# ## 5 · 太小，太少
#
# “太久”已经见过了。用同样的代码，再看两种毛病：一个分类器只有一个单元，而不是 64 个（为省时间，只用一半的句子）；另一个只有 60 个带标签的句子（重复使用，使一轮有十步）。
#
# **先预测。** 哪一个的**训练**损失会接近 0？哪一个的两条曲线靠得很近？请回答 `"one unit"`（一个单元）或 `"60 labels"`（60 个标签）。

# %%
shape_guess = lesson.predict_first(training_loss_near_0=..., curves_close=...)
shape_guess

# %%
keras.utils.set_random_seed(0)
sixty = np.resize(np.random.default_rng(0).choice(len(train), 60, replace=False), 640)
small = fit(classifier(6, units=1), "person", epochs=5, rows=slice(3000))
few = fit(classifier(6), "person", epochs=12, rows=sixty)
draw({"one unit: too small | 一个单元：太小": small, "60 labels: too few | 60 个标签：太少": few})

# %%
ends = pd.DataFrame({"one unit": small.iloc[-1], "60 labels": few.iloc[-1]})
gap = (ends.loc["val_loss"] - ends.loc["loss"]).abs()
shape_guess.compare(training_loss_near_0=ends.loc["loss"].idxmin(), curves_close=gap.idxmin())

# %%
ends.round(2)

# %% [markdown] lang="en"
# - **Too small** (underfitting): the curves lie close together, and both are bad. More training helps little; more units do.
# - **Too few labels** (overfitting): training is solved, validation is not, and the gap grows. What is missing are labels: more of them, or, as this course will show, labels of *another task*.
#
# ## 6 · Tuned honestly
#
# A baseline that nobody has tuned is a straw man. So both rivals are tuned by the same rule: try a handful of settings, measure each on validation, keep the best. This takes a while, so it has been done beforehand; `python -m mtl_tutorial.lessons.baselines` does it again. What was tried:
#
# - bag of words: seven values of C, from 0.01 to 10;
# - classic classifier: four learning rates, three seeds each, at most 30 epochs, early stopping by validation accuracy with patience 4.
#
# Embedding 100, 64 units, dropout 0.2 and batches of 64 were *not* tuned: they are what makes it "the classic".

# %% [markdown] lang="zh"
# - **太小**（欠拟合）：两条曲线靠得近，而且都差。多训练没什么用，多给单元才有用。
# - **标签太少**（过拟合）：训练集全做对了，验证集却不行，而且差距越拉越大。缺的是标签：要么多标一些，要么像本课程将要展示的，用上**别的任务**的标签。
#
# ## 6 · 老老实实调参
#
# 没有人调过的**基线**（baseline），是个一推就倒的稻草人。所以两个对手按同一条规矩来**调参**（tuning）：试几种设置，各在验证集上测一遍，留下最好的。这要花些时间，所以事先做好了；运行 `python -m mtl_tutorial.lessons.baselines` 可以重做一遍。试过的有：
#
# - 词袋：七个 C 值，从 0.01 到 10；
# - 经典分类器：四种学习率（learning rate），每种三个随机种子，最多 30 轮，按验证准确率早停，耐心为 4。
#
# 嵌入 100 维、64 个单元、暂退率 0.2、每批 64 句，这些**没有**调：“经典”之所以为经典，就在于此。

# %%
from mtl_tutorial.lessons import baselines

table = pd.read_csv(baselines.TABLE).query("corpus == @LANGUAGE")
tuned = table.query("labels == 6000 and seed < 3 and setting > 0")


def valid_scores(model):
    means = tuned.query("model == @model").pivot_table("valid", "task", "setting")
    shown = (100 * means).style.format("{:.1f}").format_index("{:g}", axis=1)
    return shown.highlight_max(axis=1, props="font-weight: bold")


valid_scores("classic")

# %%
valid_scores("bag of words")

# %% [markdown] lang="en"
# Validation scores in per cent (accuracy; for `ner` F1, which section 8 explains), the best setting of each task in bold. Notice how flat the rows are in the middle: between neighboring learning rates the difference is of the size of the spread over seeds. A baseline needs *decent* tuning, not perfect tuning.
#
# From here on we train with 0.003. One model for each of the three sentence tasks: that of `person` is the one of section 4, the other two get four epochs; `ner` follows in section 8.

# %% [markdown] lang="zh"
# 表中是验证分数（百分数；`ner` 是 F1，第 8 节会讲，其他是准确率），每个任务最好的设置用粗体。看看每行中间有多平：相邻两种学习率的差别，不过相当于种子之间的波动。基线要调得**像样**，不必调到完美。
#
# 接下来用学习率 0.003：三个句子级任务，一个任务一个模型。`person` 的就是第 4 节训练好的那个，另外两个各训练四轮；`ner` 留到第 8 节。

# %%
models = {"person": model}  # that of section 4 | 第 4 节训练好的那个
for task in ("sentiment", "relation"):
    keras.utils.set_random_seed(0)
    models[task] = classifier(len(data.tasks[task].labels))
    fit(models[task], task, epochs=4)


# %%
def right(model, inputs, labels):
    """Which sentences the model answers rightly, bool [sentences].
    | 哪些句子模型答对了，布尔数组 [句子]。"""
    return model.predict(inputs, verbose=0).argmax(axis=-1) == labels


bag = {task: bag_model(task, 0.3) for task in models}
pd.DataFrame({
    "laziest": lazy,
    "bag of words": {task: bag_score(bag[task], task) for task in models},
    "classic": {t: right(m, valid.inputs, valid.targets[t]).mean() for t, m in models.items()},
}).round(3)

# %% [markdown] lang="en"
# Accuracy on validation, one training each. So only the large differences count here: both rivals are far above the laziest model. Between the two it goes one way and the other; section 9 has five trainings of each, and says which of these differences stand. Why should a model of 1958 win anywhere?
#
# ## 7 · Does it read?
#
# Let us take away what a bag of words does not have. We shuffle the tokens of every validation sentence; the network was trained on sentences in their right order.

# %% [markdown] lang="zh"
# 表中是验证准确率，每个模型只训练了一次。所以这里只看大的差别：两个对手都远胜最懒的模型。至于它们之间，则互有胜负；哪些差别站得住，第 9 节各用五次训练来判断。一个 1958 年的模型，凭什么能赢？
#
# ## 7 · 它在阅读吗？
#
# 词袋没有的东西，我们也从神经网络手里拿走：把每个验证句子的词元打乱。网络训练时见到的，可都是次序正常的句子。

# %%
rng = np.random.default_rng(0)
shuffled = valid.inputs.copy()
for row in shuffled:
    row[row > 0] = rng.permutation(row[row > 0])

print(" ".join(valid.tokens[0]))
print(" ".join(data.vocabulary.tokens[i] for i in shuffled[0] if i > 0))

# %% [markdown] lang="en"
# **Predict.** What accuracy does the classic classifier reach on the shuffled sentences?

# %% [markdown] lang="zh"
# **先预测。** 在打乱的句子上，经典分类器的准确率是多少？

# %%
order_guess = lesson.predict_first(sentiment=..., person=..., relation=...)
order_guess

# %%
disorder = {t: right(m, shuffled, valid.targets[t]).mean() for t, m in models.items()}
order_guess.compare(**disorder)

# %%
mixed, read = (models["sentiment"].predict(x, verbose=0) for x in (shuffled, valid.inputs))
print("largest difference of any probability:", np.abs(mixed - read).max())

# %% [markdown] lang="en"
# Nothing has changed, not in a single sentence. Each token goes through the dense layer *by itself*, and the maximum does not ask where it came from. Our network with an embedding, two layers and more than a hundred thousand parameters **is a bag of words**. It has never read a sentence.
#
# So there are sentences that it cannot tell apart whatever we train it on. Here are two, made of exactly the same tokens. One ends in praise, one in blame:

# %% [markdown] lang="zh"
# 什么也没变，一个句子都没变。每个词元都是**独自**通过全连接层的，取最大值时也不问它来自哪里。我们这个神经网络，有嵌入，有两层，有十几万个参数，**其实就是一个词袋**。它从来没有读过一个句子。
#
# 因此有些句子，无论怎么训练，它都分不清。下面两句用的词元一模一样，一句是夸，一句是贬：

# %%
twins = {
    "en": [
        "The restaurant is disappointing, but it is wonderful.",
        "The restaurant is wonderful, but it is disappointing.",
    ],
    "zh": ["这家宾馆虽然让人失望，但是物超所值。", "这家宾馆虽然物超所值，但是让人失望。"],
}[LANGUAGE]

# %%
twin_inputs = data.vocabulary.encode([tokenize(text) for text in twins])
answers = models["sentiment"].predict(twin_inputs, verbose=0).round(3)
pd.DataFrame(answers, index=twins, columns=data.tasks["sentiment"].labels)

# %% [markdown] lang="en"
# In such a sentence the verdict is that of one half, and which half depends on the order. Likewise with denial: in "not good at all" *good* is said of nothing. How often does that happen, and what does it cost? A few patterns find nearly all of these sentences. (They have to be narrow: a mere *not* would also find "Carl, who is not Omar's boss", where nobody denies a verdict.)

# %% [markdown] lang="zh"
# 这种转折句，褒贬以其中一半为准，而究竟是哪一半，取决于次序。否定也一样：“一点也不靠谱”里有“靠谱”，却没有说谁靠谱。这样的句子有多少，代价多大？用几个模式，差不多就能全找出来。（模式要写得窄：只写“其实”两个字，会连“名副其实”也找出来，那里并没有转折。）

# %%
patterns = {
    "en": {
        "contrast": "but (?:in fact|in truth|in reality|really) it|, yet it|although some reviews"
        "|even if one critic|no matter who says|though others claim|whereas the reviews"
        "|even though somebody online",
        "denial": "is anything but|is not [^,.:;]+ (?:at all|in the slightest)|is far from"
        "|is not (?:the least bit|remotely|in the least|actually|what you would call)"
        "|cannot be called|is hardly",
    },
    "zh": {
        "contrast": "(?:大家都说|有人说|网上都说)[^。！？；]*(?:其实|实际上|但是)|外面都传|评论里说.*可是"
        "|听别人说.*没想到|传言说|虽然有人说|尽管网上都说|别听人说|网上却有人说|哪怕有人说",
        "denial": "一点也不|根本谈不上|完全不|丝毫不|看不出哪里|毫不沾边|根本不|半点也不"
        "|完全没有别人说|称不上|绝对不|怎么也说不上",
    },
}[LANGUAGE]

# %%
from mtl_tutorial.text import join_tokens

texts = pd.Series([join_tokens(tokens) for tokens in valid.tokens])
kind = pd.Series("plain", texts.index)
for name in ("denial", "contrast"):
    kind[texts.str.contains(patterns[name])] = name
labels = valid.targets["sentiment"]
answered = pd.DataFrame({
    "bag of words": bag["sentiment"].predict(bags_valid) == labels,
    "classic": right(models["sentiment"], valid.inputs, labels),
})
by_kind = answered.groupby(kind).mean().round(2)
by_kind.assign(sentences=kind.value_counts())

# %% [markdown] lang="en"
# In plain sentences both are right in about four to five of six cases. Where the verdict is turned around or denied, both fall far behind, to one in two or fewer. (Which of the two is ahead in these rows says little: they hold few sentences, in Chinese those with contrast only a handful or two, and another seed can move the network's figures there by ten points and more.) Some of the sentences with contrast that *both* get wrong (now and then the label itself is wrong: 3 % are, on purpose):

# %% [markdown] lang="zh"
# 普通句子，两者大约六句里能对四五句。褒贬一旦转折，或者被否定，两者就差远了：两句里只对一句，甚至更少。（这两行里谁比谁高，说明不了什么：句子不多，中文的转折句只有十来句，换一个种子，神经网络的数就可能变动十个百分点以上。）下面几个转折句，**两个**模型都答错了（偶尔错的是标签本身：语料里有意放了 3% 的错标签）：

# %%
both_wrong = ~answered.any(axis=1) & (kind == "contrast")
names = np.array(data.tasks["sentiment"].labels)
wrong = pd.DataFrame({"label": names[labels[both_wrong]], "sentence": texts[both_wrong]})
wrong.head(5).style.hide()

# %% [markdown] lang="en"
# Why does the other bag, that of 1958, win at `relation`? It does one thing that a maximum cannot: it **counts**. People talk about their own world, so the relation word of the person spoken of often comes back between the two people named, and twice is more evidence than once. Take counting away from the bag of words and see what is left of its lead:

# %% [markdown] lang="zh"
# 那么，1958 年的那只词袋为什么在 `relation` 上能赢？有一件事它会，取最大值却不会：**数数**。人们谈论的多是自己的圈子，说明所谈的人是谁的那个词（例如“房东”），往往也正是两个有名字的人之间的关系，于是在句中出现两次；两次的证据比一次强。把数数的本领从词袋手里拿走，看它的领先还剩多少：

# %%
yes_or_no = LogisticRegression(C=0.3, max_iter=1000).fit(bags > 0, train.targets["relation"])
pd.Series({
    "bag, counting": bag_score(bag["relation"], "relation"),
    "bag, yes or no": yes_or_no.score(bags_valid > 0, valid.targets["relation"]),
    "classic": right(models["relation"], valid.inputs, valid.targets["relation"]).mean(),
}).round(3)

# %% [markdown] lang="en"
# In the English corpus the lead is a point or two, and counting is hardly the reason. (In the Chinese corpus it is five to twelve points, and counting explains no more than two of them.) A guess that does not survive an experiment is a guess less; what is left may be a matter of the 64 units through which all words must pass.
#
# ## 8 · The task with a label for every token
#
# `ner` asks of every token whether it begins a name (`B-PER`), goes on inside one (`I-PER`), or is outside (`O`). The same classifier does it: leave out the pooling, and the last layer answers for each token. Padding has no label: weight 0.

# %% [markdown] lang="zh"
# 在中文语料上，词袋领先五到十二个百分点，而“会数数”能解释的不到两个。（英文语料上只领先一两个百分点，跟数数几乎没有关系。）经不起实验的猜测，去掉一个是一个；剩下的部分，也许是因为所有的词都得从 64 个单元里挤过去，这也还只是猜测，没有验证。
#
# ## 8 · 每个词元都有标签的任务
#
# `ner` 问的是每一个词元：是名字的开头（`B-PER`），名字的后续（`I-PER`），还是不在名字里（`O`）？同一个分类器就能做：去掉池化，最后一层对每个词元都作答。补齐处没有标签，权重为 0。

# %%
ner = data.tasks["ner"]


def entity_f1(model, split):
    return scoring.score(
        ner, split.targets["ner"], model.predict(split.inputs, verbose=0).argmax(-1)
    )


print(ner.labels)

# %% [markdown] lang="en"
# The score is **F1**. A name counts if start, end and type are all right. *Precision* P is the share of the names found that are right, *recall* R the share of the true names that were found, and F1 = 2PR/(P + R) is high only if both are. If there are 16 names and a model finds 10, of which 8 are right, then P = 0.8, R = 0.5 and F1 = 0.62. The laziest model, *everything is outside*, finds none and gets 0.
#
# And the bag of words? It shrinks to a single word. Who sees nothing but one token can do no better than give it the tag that it has most often in training. We need only count.

# %% [markdown] lang="zh"
# 评分用 **F1**。起点、终点、类型都对，一个名字才算对。找出的名字里对的占多大比例，叫精确率（precision）P；真正的名字找出了多大比例，叫召回率（recall）R；F1 = 2PR/(P + R)，两者都高它才高。比如一共 16 个名字，模型找出 10 个，其中对了 8 个，那么 P = 0.8，R = 0.5，F1 = 0.62。最懒的模型回答“全都不在名字里”，一个名字也找不到，F1 是 0。
#
# 词袋呢？它缩成了一个词。只看得见一个词元的人，最好的办法就是回答它在训练集里最常见的标记。数一数就行。

# %%
tag_counts = np.zeros((len(data.vocabulary), len(ner.labels)), int)
present = train.targets["ner"] != -1
np.add.at(tag_counts, (train.inputs[present], train.targets["ner"][present]), 1)
lookup = tag_counts.argmax(axis=1)[valid.inputs]
lookup_f1 = scoring.score(ner, valid.targets["ner"], lookup)

# %% [markdown] lang="en"
# **Predict.** The F1 of this little table, and that of the trained network?

# %% [markdown] lang="zh"
# **先预测。** 这张小小的统计表，F1 是多少？训练好的网络呢？

# %%
ner_guess = lesson.predict_first(table=..., network=...)
ner_guess

# %%
keras.utils.set_random_seed(0)
models["ner"] = classifier(len(ner.labels), per_token=True)
fit(models["ner"], "ner", epochs=3)
ner_guess.compare(table=lookup_f1, network=entity_f1(models["ner"], valid))

# %% [markdown] lang="en"
# The network has learned the table, nothing else. It cannot do otherwise: the same token gets the same answer wherever it stands. Here is what the most ambiguous token is in training:

# %% [markdown] lang="zh"
# 网络学到的就是那张表，仅此而已。它也只能如此：同一个词元不管出现在哪里，得到的回答都一样。看看最模棱两可的那个词元，在训练集里都是什么：

# %%
ambiguous = (tag_counts.sum(axis=1) - tag_counts.max(axis=1)).argmax()
pd.Series(tag_counts[ambiguous], ner.labels, name=data.vocabulary.tokens[ambiguous]).to_frame().T

# %% [markdown] lang="en"
# In English a single word already tells much: "Omar" is nearly always a name. In Chinese a single character tells less, and the score is lower. In both, *the neighbors* decide. So let us change one line: in place of the dense layer, which sees a token alone, a **convolution** of width 3, which sees it together with the one before and the one after.

# %% [markdown] lang="zh"
# 中文里，单独一个字说明不了那么多：就像上面的“房”，可能是人的姓，可能在“健身房”“私房菜”这样的店名里，也可能只是“房间”的“房”，所以分数不高。（英文一个词已经能说明很多，分数高得多。）无论哪种语言，起决定作用的都是**左邻右舍**。那就只改一行：全连接层只看词元自己，换成宽度为 3 的**卷积**（convolution），连同前一个、后一个一起看。

# %%
keras.utils.set_random_seed(0)
tokens = keras.Input((None,), dtype="int32")
x = keras.layers.Embedding(len(data.vocabulary), 100)(tokens)
# was: Dense(64, activation="relu") | 原来是 Dense(64, activation="relu")
x = keras.layers.Conv1D(64, 3, padding="same", activation="relu")(x)
x = keras.layers.Dropout(0.2)(x)
neighbors = keras.Model(tokens, keras.layers.Dense(len(ner.labels), activation="softmax")(x))
fit(neighbors, "ner", epochs=3)
entity_f1(neighbors, valid)

# %% [markdown] lang="en"
# One line. (And one seed each; but no spread that you have seen in this lesson is as large as this step.) That is what "reading" means at its smallest: to look at the neighbors. Lesson 05 builds convolutions by hand and compares other ways to read; lessons 03 and 04 use this one.
#
# ## 9 · The test, once
#
# All choices are made. The models of this notebook now answer the 2,000 test sentences, the only time; what follows in this section only looks at these answers.

# %% [markdown] lang="zh"
# 只改了一行。（各只训练了一次；不过这一步之大，远超本课里见过的任何波动。）“阅读”的最小含义就在这里：看一看邻居。第 05 课会亲手搭建卷积，并比较其他的阅读方式；第 03、04 课用的就是这一种。
#
# ## 9 · 测试，只此一次
#
# 该选的都选好了。现在让本课的几个模型来回答 2000 个测试句子，仅此一次；这一节后面看的都是这些回答。

# %%
test = data["test"]
truth = test.targets
said = {task: model.predict(test.inputs, verbose=0).argmax(-1) for task, model in models.items()}
said_by_bag = {task: model.predict(counter.transform(test.tokens)) for task, model in bag.items()}
live = {task: scoring.score(data.tasks[task], truth[task], said[task]) for task in said}

# %% [markdown] lang="en"
# One training is one draw of the lot. The table of finished runs has the tuned classifier with five seeds, so that we know how much of a difference is chance. (Logistic regression has no seed: from the same sentences it always comes out the same. Its validation scores chose C; on test it was scored once. The last column is the network of this notebook: one seed, and a learning rate that nobody has tuned.)

# %% [markdown] lang="zh"
# 训练一次只是抽一次签。已有结果表里，调好的分类器有五个随机种子的结果，由此可知差别里有多少是运气。（逻辑回归没有种子：同样的句子，结果总是一样。C 由验证分数选定，测试集上只评了一次。最后一列是本课自己的网络：一个种子，学习率没有调过。）

# %%
final = table.query("labels == 6000").dropna(subset="test")
by_model = {name: rows.groupby("task")["test"] for name, rows in final.groupby("model")}
lazy_test = {t: (truth[t] == np.bincount(train.targets[t]).argmax()).mean() for t in lazy}
report = pd.DataFrame({
    "laziest": lazy_test | {"ner": 0.0},
    "bag of words": by_model["bag of words"].mean(),
    "classic": by_model["classic"].mean(),
    "± (5 seeds)": by_model["classic"].std(),
    "this notebook's": live,
})
(100 * report).round(1)

# %% [markdown] lang="en"
# Which of these differences stand? There are two sources of chance. One is the training: another seed, another score. So we take the network's five scores, each minus the bag's, and the **95 % interval** of their mean (Student 1908): intervals made in this way hold the true mean in 95 experiments of 100. With more seeds it gets narrower. Four tasks are four claims, and of several claims one may come true by chance; Holm's correction makes each a little harder. A filled dot *gains* or *loses*; a hollow one *cannot tell*, which is not the same as "no difference".

# %% [markdown] lang="zh"
# 这些差别，哪些站得住？运气有两个来源。一个是训练：换一个种子，分数就不同。所以取神经网络的五个分数，各减去词袋的分数，再看平均值的 95% **置信区间**（confidence interval，Student 1908）：照这个办法算出的区间，一百次实验里有九十五次包含真正的平均值；种子越多，区间越窄。四个任务就是四个结论，结论一多，总有一个会碰巧成立；经过 Holm 校正，每个结论都要难一点才成立。实心点表示提高或下降，空心点表示**无法判断**，这和“没有差别”是两回事。

# %%
from mtl_tutorial.comparing import holm, paired_bootstrap, paired_difference

ahead = {}
for task, scores in by_model["classic"]:
    rival = float(by_model["bag of words"].mean()[task])
    ahead[task] = paired_difference(scores.to_numpy(), [rival] * len(scores))
plots.differences(holm(ahead), language=LANGUAGE)

# %% [markdown] lang="en"
# The other source is the test: would 2,000 other sentences say the same? Draw sentences from the test part again and again, with replacement, and compare this notebook's two models on each draw (the *bootstrap*, Koehn 2004):

# %% [markdown] lang="zh"
# 另一个来源是测试：换 2000 个句子来考，结果还一样吗？从测试集里有放回地反复抽取句子，每抽一次，就比较一次本课的这两个模型（这叫自助法，bootstrap，Koehn 2004）：

# %%
over_sentences = {
    t: paired_bootstrap(said[t] == truth[t], said_by_bag[t] == truth[t]) for t in said_by_bag
}
for task, difference in over_sentences.items():
    print(f"{task:10}", difference.in_words(LANGUAGE))

# %% [markdown] lang="en"
# A claim should stand both. `sentiment` does: the network is ahead. `relation` does too, the other way round: the bag of words is ahead. Of `person` and `ner`, write no more than the intervals say.
#
# Four neural networks: one clear victory, one clear defeat. If this were a paper, the honest title would be *Logistic regression is a strong baseline*.
#
# And when labels are few? For `person` both were also tuned with 60 and with 600 labels, five draws each; beside them the network *that looks at neighbors*, from the data card's table (`data/runs/calibration.csv`).

# %% [markdown] lang="zh"
# 一个结论要两关都过才算数。`sentiment` 过了：神经网络领先。`relation` 也过了，不过方向相反：词袋领先。至于 `person` 和 `ner`，区间说到哪里，就只能写到哪里。
#
# 四个神经网络，一场明确的胜利，一场明确的失败。如果这是一篇论文，老实的题目应该是《逻辑回归是个强基线》。
#
# 标签少的时候呢？在 `person` 上，两者还分别用 60 个和 600 个标签调过，各抽五次；再加上**会看邻居**的网络，数据来自数据卡片的表（`data/runs/calibration.csv`）。

# %%
from mtl_tutorial import calibration

alone = calibration.load_results().query("corpus == @LANGUAGE and target == 'person'")
alone = alone.query("companion == 'alone'").rename(columns={"accuracy": "test"})
few_or_many = pd.concat([
    table.query("task == 'person'").dropna(subset="test"),
    alone.assign(model="looks at neighbors"),
])
spread_of = few_or_many.groupby(["model", "labels"])["test"].agg(["mean", "std"]).fillna(0)

# %%
figure, axes = plt.subplots(figsize=(5.5, 3), layout="constrained")
for name, rows in spread_of.groupby("model"):
    count = rows.index.get_level_values("labels")
    axes.errorbar(count, rows["mean"], rows["std"], marker="o", capsize=3, label=name)
axes.set(xlabel="labels of person | person 的标签数", ylabel="test accuracy | 测试准确率")
axes.set(xscale="log", xticks=[60, 600, 6000], xticklabels=["60", "600", "6,000"])
axes.legend(frameon=False)
plt.show()

# %% [markdown] lang="en"
# With 60 labels the network that looks at neighbors is not ahead by more than its spread; perhaps reading cannot help before the words are learned. (That network is smaller and was not tuned, so its point at 60 labels is a lower bound.) With all labels it wins by more than ten points. Between these two lies the question of this course: **where else can a model with 60 labels learn its words?**
#
# # Part two · Gradients and bugs
#
# (For this part run the cells above; only the models and the helpers are used. The test part stays closed from here on.)
#
# ## 10 · Where gradients go
#
# All these models learned by **gradients**: for each weight, how fast the loss rises if the weight does. `fit` hides how they come about. Let us do one by hand, with numbers that fit on a blackboard: two inputs, three hidden units with ReLU, two labels.

# %% [markdown] lang="zh"
# 60 个标签时，会看邻居的网络即使领先，也没有超出波动；也许词还没学会，会看邻居也帮不上忙。（这个网络更小，也没有调过，所以 60 个标签处的那一点只是下限。）标签齐全时，它赢了十个百分点以上。这两头之间，正是本课程要问的问题：**只有 60 个标签的模型，还能从哪里学到那些词？**
#
# # 下半课 · 梯度和错误
#
# （请先运行上面的单元格；下面只用到其中的模型和辅助函数。从这里起，测试集不再打开。）
#
# ## 10 · 梯度去了哪里
#
# 这些模型都是靠**梯度**学习的：对每个权重，若它增大一点，损失上升得有多快。`fit` 把梯度的来历藏起来了。我们亲手算一次，数字小到写得上黑板：两个输入，三个带 ReLU 的隐藏单元，两个标签。

# %%
x, label = np.array([1.0, 2.0]), 0
w1 = np.array([[1.0, -1.0, 0.5], [0.5, -1.0, 0.0]])
w2 = np.array([[1.0, 0.0], [0.0, 1.0], [-2.0, 2.0]])

a = x @ w1  # what the hidden units receive | 隐藏单元收到的
h = np.maximum(a, 0)  # what they pass on | 它们传出去的
p = softmax(h @ w2)
print("a", a, "  h", h, "  p", p, "  loss", -np.log(p[label]).round(3))

# %% [markdown] lang="en"
# Up we went; now down: this is **back-propagation**. What comes back at the very top is simple, and it is the reason why softmax and cross entropy go together: **p, minus 1 at the right label**. For each weight of the last layer the gradient is *what goes in times what comes back*:
#
# $$\frac{\partial L}{\partial z_k} = p_k - [k = y], \qquad \frac{\partial L}{\partial W_2} = h^\top\, \frac{\partial L}{\partial z}$$

# %% [markdown] lang="zh"
# 往上的一趟（前向，forward）算完了，现在往下走，这就是**反向传播**（back-propagation）。最顶上传回来的量很简单，softmax 和交叉熵之所以总是成对出现，原因就在这里：**p 在正确标签处减去 1**。最后一层每个权重的梯度，就是*送进去的乘以传回来的*：
#
# $$\frac{\partial L}{\partial z_k} = p_k - [k = y], \qquad \frac{\partial L}{\partial W_2} = h^\top\, \frac{\partial L}{\partial z}$$

# %%
dz = p - np.array([1, 0])
dw2 = np.outer(h, dz)
print("dz", dz, "\ndw2\n", dw2)

# %% [markdown] lang="en"
# Do not believe it; nudge a weight and see. Raise w2[0, 0] by a thousandth and divide the change of the loss by that thousandth:

# %% [markdown] lang="zh"
# 别轻信，推一推权重就知道。把 w2[0, 0] 增大 0.001，再用损失的变化除以 0.001：


# %%
def loss_of(w2):
    return -np.log(softmax(h @ w2)[label])


nudge = np.zeros_like(w2)
nudge[0, 0] = 0.001
(loss_of(w2 + nudge) - loss_of(w2)) / 0.001

# %% [markdown] lang="en"
# Close to the -1 in the corner of `dw2`. But w1 lies below w2. What comes back to `h` went through w2: `w2 @ dz`. Then through ReLU: a unit that was off (a ≤ 0) lets nothing down. What arrives is `da`, and w1's gradient is again what went in times what comes back.
#
# ### Exercise 3 · `gradients`
#
# Write `gradients(x, w1, w2, label)` for such a network of any size; it gives back the gradient of w1 and that of w2. You may use `softmax` from above. (Do the example on paper first: w1's gradient there has the numbers -0.5, 0, 2 and -1, 0, 4.)

# %% [markdown] lang="zh"
# 很接近 `dw2` 左上角的 -1。可是 w1 在 w2 下面。传回到 `h` 的量要穿过 w2：`w2 @ dz`。然后穿过 ReLU：关着的单元（a ≤ 0）什么也不放下来。到达的量就是 `da`，而 w1 的梯度仍是“送进去的乘以传回来的”。
#
# ### 练习 3 · `gradients`
#
# 请为任意大小的这种网络写 `gradients(x, w1, w2, label)`，返回 w1 的梯度和 w2 的梯度。可以用上文的 `softmax`。（先在纸上算一遍这个例子：w1 的梯度是 -0.5、0、2 和 -1、0、4。）


# %% tags=["exercise"] exercise="gradients"
def gradients(x, w1, w2, label):
    return ...


# %%
lesson["gradients"].check(gradients)
# lesson["gradients"].hint()
# lesson["gradients"].solution()

# %% [markdown] lang="en"
# TensorFlow does the same: a `GradientTape` notes what is computed on the way up, and goes through its notes backwards.

# %% [markdown] lang="zh"
# TensorFlow 做的是同一件事：`GradientTape` 像磁带一样记下往上算的每一步，再倒着走一遍。

# %%
weights = [tf.Variable(w1), tf.Variable(w2)]
with tf.GradientTape() as tape:
    logits = tf.nn.relu(x[None] @ weights[0]) @ weights[1]
    loss = tf.nn.sparse_softmax_cross_entropy_with_logits([label], logits)[0]
by_tape = tape.gradient(loss, weights)
print(by_tape[0].numpy())
print("w2 as by hand:", np.allclose(by_tape[1], dw2))

# %% [markdown] lang="en"
# ### Ten layers
#
# On its way down the gradient is multiplied at each layer: by the weights, and by the slope of the activation. ReLU's slope is 0 or 1. That of the *sigmoid*, once everybody's activation, is 1/4 at its steepest. Ten layers of that are ten factors of at most 1/4, times the weights.
#
# Let us put ten dense layers between pooling and answer, in several fashions, and measure the gradient of each layer's weights before any training. (The ten layers are not there to make the classifier better. They make the problem visible.)

# %% [markdown] lang="zh"
# ### 十层
#
# 梯度往下走，每过一层都要被乘一次：乘以权重，再乘以激活函数的斜率。ReLU 的斜率不是 0 就是 1。*sigmoid* 曾经是人人都用的激活函数，它最陡的地方斜率也只有 1/4。十层，就是连乘十个不超过 1/4 的因子，再乘以权重。
#
# 我们在池化和回答之间插入十个全连接层，用几种不同的配方，并在训练之前量一量各层权重的梯度。（加上十层，不是为了让分类器更好，只是让问题看得见。）


# %%
def deep(activation, initializer, residual=False):
    tokens = keras.Input((None,), dtype="int32")
    real = keras.ops.cast(tokens != 0, "float32")[..., None]
    x = keras.layers.Embedding(len(data.vocabulary), 64)(tokens)
    x = keras.ops.max(x * real, axis=1)  # [batch, 64]
    for i in range(10):
        layer = keras.layers.Dense(
            64, activation=activation, kernel_initializer=initializer, name=f"layer_{i + 1}"
        )
        x = x + layer(x) if residual else layer(x)
    return keras.Model(tokens, keras.layers.Dense(6, activation="softmax")(x))


# %%
def gradient_norms(model):
    """How long the gradient of each layer's weights is, on 256 sentences.
    | 在 256 个句子上，各层权重的梯度有多长。"""
    kernels = [model.get_layer(f"layer_{i + 1}").kernel.value for i in range(10)]
    with tf.GradientTape() as tape:
        loss = LOSS(train.targets["person"][:256], model(train.inputs[:256]))
    return [float(tf.norm(g)) for g in tape.gradient(loss, kernels)]


# %% [markdown] lang="en"
# Layers also differ in the random values they start from: a fixed spread, Glorot's (Glorot & Bengio 2010), which takes the layer's width into account, or He's (He et al. 2015), the same for ReLU. *Residual* means that each layer *adds* to what it got (He et al. 2016), so that there is a way down that no layer multiplies.
#
# **Predict.** Sigmoid with Glorot's values: the gradient in layer 1 is how many times smaller than in layer 10?

# %% [markdown] lang="zh"
# 各层起步的随机数也不同：一种用固定的标准差（standard deviation，图中的 spread）；一种是 Glorot 的（Glorot & Bengio 2010），考虑到层的宽度；一种是 He 的（He 等 2015），专为 ReLU 而设。**残差连接**（residual connection）是指每层只在收到的东西上**加**一点（He 等 2016），于是有了一条往下直通、不必逐层相乘的路。
#
# **先预测。** sigmoid 加 Glorot 的随机数：第 10 层的梯度是第 1 层的多少倍？

# %%
depth_guess = lesson.predict_first(times_smaller=...)
depth_guess

# %%
spread = keras.initializers.RandomNormal
recipes = {
    "sigmoid, Glorot": ("sigmoid", "glorot_uniform"),
    "tanh, Glorot": ("tanh", "glorot_uniform"),
    "ReLU, spread 0.05": ("relu", spread(stddev=0.05, seed=0)),
    "ReLU, spread 0.5": ("relu", spread(stddev=0.5, seed=0)),
    "ReLU, He": ("relu", "he_normal"),
    "sigmoid, Glorot, residual": ("sigmoid", "glorot_uniform", True),
}
norms = {}
for name, recipe in recipes.items():
    keras.utils.set_random_seed(0)
    norms[name] = gradient_norms(deep(*recipe))
norms = pd.DataFrame(norms, index=range(1, 11)).T
depth_guess.compare(
    times_smaller=norms.loc["sigmoid, Glorot", 10] / norms.loc["sigmoid, Glorot", 1]
)

# %%
figure, axes = plt.subplots(figsize=(8, 2.9), layout="constrained")
picture = axes.imshow(np.log10(norms), cmap="viridis", vmin=-8, vmax=4, aspect="auto")
for row, column in np.ndindex(*norms.shape):
    exponent = np.log10(norms.iloc[row, column])
    ink = "white" if exponent < 0 else "black"
    axes.text(column, row, f"{exponent:.1f}", ha="center", va="center", color=ink)
axes.set_xticks(range(10), norms.columns)
axes.set_yticks(range(len(norms)), norms.index)
axes.set(xlabel="layer (1 is next to the words) | 层（1 最靠近词）")
axes.set(title="gradient norm, power of ten | 梯度的长度，10 的指数")
plt.show()

# %% [markdown] lang="en"
# Each number is a power of ten: -1 is 0.1, -6 a millionth.
#
# - **Sigmoid**: the gradient *vanishes* from layer to layer. The layer next to the words gets a millionth or less of what the top gets. For decades this was why deep networks could not be trained (Hochreiter 1991).
# - **ReLU with the wrong spread**: each layer changes the size of the signal, up and down alike, by about *spread × √(64/2)*. That is 0.28 for 0.05 and 2.8 for 0.5. Ten such factors leave next to nothing, or *explode*.
# - **He** takes the spread for which this factor is 1: √(2/64) ≈ 0.18. All layers get gradients of the same, usable size. (Glorot does the same for tanh.)
# - **Residual**: even the sigmoid is cured, without any new initial values.
#
# Is that of consequence, or does Adam, which divides by the gradient's size, make up for it? Two trainings, two epochs each on half of the sentences.

# %% [markdown] lang="zh"
# 每个数都是 10 的指数：-1 是 0.1，-6 是百万分之一。
#
# - **sigmoid**：梯度逐层**消失**（vanish）。靠近词的那一层，得到的不过是顶层的百万分之一，甚至更少。几十年里，深层网络练不动，原因就在这里（Hochreiter 1991）。
# - **ReLU 加错误的标准差**：每过一层，信号的大小，不论往上往下，都要变成原来的大约 *标准差 × √(64/2)* 倍：标准差 0.05 时是 0.28 倍，0.5 时是 2.8 倍。连乘十次，要么所剩无几，要么**爆炸**（explode）。
# - **He** 取的标准差，恰好让这个倍数等于 1：√(2/64) ≈ 0.18。于是各层的梯度大小一样，都够用。（Glorot 对 tanh 起同样的作用。）
# - **残差**：连 sigmoid 也治好了，初始值一点没换。
#
# 这要紧吗？Adam 会除以梯度的大小，它能补救吗？训练两个试试，各用一半的句子，两轮。

# %%
cured = {}
for name in ("sigmoid, Glorot", "sigmoid, Glorot, residual"):
    keras.utils.set_random_seed(0)
    cured[name] = fit(deep(*recipes[name]), "person", 2, slice(3000), learning_rate=0.001)
pd.DataFrame({name: run["val_accuracy"] for name, run in cured.items()}).round(3).T

# %% [markdown] lang="en"
# The first has learned nothing at all: a sixth is guessing. The other has the same layers, as many parameters, the same data, the same optimizer. (`"ReLU, He"` learns, too; put it into the loop, if you like. Whether ten layers are worth their price is another question; two epochs on half of the sentences do not answer it.)
#
# ## 11 · Four silent bugs
#
# A program with a typing error stops. A program with one of the following four bugs runs to the end, prints a score, and is wrong. Each was trained by the classic classifier on 1,000 sentences of `person`; dashed is the healthy run with the same seed. (The curves come from a table; `silent_bugs.GALLERY["A"](data, seed=0)` trains one of them before your eyes.)
#
# | name | bug |
# |---|---|
# | `"labels"` | the sentences are those of the training file, the labels those of the *test* file |
# | `"loss"` | the loss is called the wrong way round: the labels are given where the probabilities belong |
# | `"ids"` | the ids of the validation sentences were laid end to end without padding, then cut into rows: after a few rows the words stand beside another sentence's label |
# | `"validation"` | what is called validation is the training data |

# %% [markdown] lang="zh"
# 第一个什么也没学到：六分之一，就是瞎猜。另一个用的是同样的层，参数一样多，数据一样，优化器也一样。（`"ReLU, He"` 也学得会，不妨加进循环里试试。十层值不值得是另一个问题；只用一半的句子训练两轮，回答不了。）
#
# ## 11 · 四个不吭声的错误
#
# 程序写错了字，会停下来。程序若有下面四种错误之一，却能一直跑完，打印一个分数，而且是错的。每一种都用经典分类器在 1000 个 `person` 句子上真的训练过；虚线是同一个种子的正常训练。（曲线取自已有结果表；运行 `silent_bugs.GALLERY["A"](data, seed=0)`，可以当场再训练一次。）
#
# | 名字 | 错误 |
# |---|---|
# | `"labels"` | 句子来自训练文件，标签却来自**测试**文件 |
# | `"loss"` | 损失函数的两个参数写反了：该放概率的地方放了标签 |
# | `"ids"` | 验证句子的编号没有补齐，首尾相接排成一串，再切成等长的行：几行之后，词和标签就不属于同一句了 |
# | `"validation"` | 所谓验证集，其实就是训练数据 |

# %%
from mtl_tutorial.lessons import silent_bugs

gallery = silent_bugs.finished(LANGUAGE)
gallery["healthy"].tail(1).round(2)

# %%
figure, charts = plt.subplots(2, 4, figsize=(11, 4.6), layout="constrained", sharex=True)
for pair, letter in zip(charts.T, "ABCD", strict=True):
    for axes, metric in zip(pair, ("loss", "accuracy"), strict=True):
        for run, style in ((gallery["healthy"], "--"), (gallery[letter], "-")):
            axes.plot(run[metric], style, color="C7", label="training | 训练集")
            axes.plot(run[f"val_{metric}"], style, color="C0", label="validation | 验证集")
        axes.set(ylabel=metric, ylim=(0, 1.03) if metric == "accuracy" else (0, None))
    pair[0].set(title=letter)
    pair[0].axhline(np.log(6), color="C3", lw=0.8, ls=":", label="guessing | 瞎猜")
handles, labels = charts[0, 0].get_legend_handles_labels()
names = ["healthy training | 正常：训练集", "healthy validation | 正常：验证集"]
names += ["training | 训练集", "validation | 验证集", "log 6: guessing | log 6：瞎猜"]
figure.legend(handles, names, loc="outside lower center", ncols=5, frameon=False)
plt.show()

# %% [markdown] lang="en"
# ### Exercise 4 · `diagnosis`
#
# Which is which? Do not look into the code; look at the curves, as you would with a colleague's. (Mind the axes: each chart of the loss has its own.) For each chart ask: where does the loss *begin*? What does training look like beside the healthy run? And validation? Then write a dictionary, `{"A": "...", "B": "...", "C": "...", "D": "..."}`, with the names of the table.

# %% [markdown] lang="zh"
# ### 练习 4 · `diagnosis`
#
# 哪个是哪个？别看代码，只看曲线，就像看同事的曲线那样。（注意坐标轴：四幅损失图的刻度各不相同。）对每一幅图，问自己：损失从哪里**开始**？训练和正常的比怎么样？验证呢？然后写一个字典 `{"A": "...", "B": "...", "C": "...", "D": "..."}`，名字取自上表。

# %% tags=["exercise"] exercise="diagnosis"
diagnosis = ...

# %%
lesson["diagnosis"].check(diagnosis)
# lesson["diagnosis"].hint()
# lesson["diagnosis"].solution()

# %% [markdown] lang="en"
# The reveal, if you want it: here is the code of the four, each with its one wrong line. Take the `#` away.

# %% [markdown] lang="zh"
# 想看谜底的话：下面就是四个错误的代码，每个只错一行。去掉 `#` 再运行。

# %%
import inspect

for letter in "ABCD":
    source = inspect.getsource(silent_bugs.GALLERY[letter])
    # print(f"{letter}\n{source}")

# %% [markdown] lang="en"
# What the four teach:
#
# - Know the loss of guessing. A loss that begins elsewhere is computed of something else.
# - Training that is *exactly* the healthy one acquits everything that training uses; the fault lies in what validation gets.
# - If training learns slowly and validation not at all, sentence and label do not belong together.
# - A validation score that stays above the training score, and far above that of a healthy run, needs an explanation. Dropout and averaging explain a little; look for a leak first.
#
# ## 12 · Four models, four embeddings

# %% [markdown] lang="zh"
# 四个错误教给我们：
#
# - 记住瞎猜的损失。起点不对的损失，算的是别的东西。
# - 训练曲线和正常的**一模一样**，训练所用的一切就都没有嫌疑；错在验证集拿到的东西。
# - 训练学得慢、验证一无所获，说明句子和标签对不上。
# - 验证分数一直高过训练分数，又远高于正常的验证分数，就得有个说法。暂退法和整轮平均只能解释一点点；先查有没有泄漏。
#
# ## 12 · 四个模型，四份嵌入

# %%
sizes = pd.DataFrame({
    task: {
        "embedding": model.layers[1].count_params(),
        "all the rest": model.count_params() - model.layers[1].count_params(),
    }
    for task, model in models.items()
}).T
sizes["total"] = sizes.sum(axis=1)
sizes.loc["all four"] = sizes.sum()
sizes

# %% [markdown] lang="en"
# Four times nearly the same number, and nearly all of it embeddings: four models have learned the same vocabulary, each for itself and from its own labels only. Have they learned the same? Ask each for the words whose vectors point most nearly in the direction of a given word's:

# %% [markdown] lang="zh"
# 四个几乎相同的数，而且几乎全是嵌入：四个模型各学各的，都只凭自己的标签，把同一份词表学了四遍。它们学到的一样吗？问问每个模型：哪些词的向量，方向和给定的词最接近？


# %%
def nearest(model, word, top=6):
    vectors = model.layers[1].get_weights()[0]
    vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    frequent = np.bincount(train.inputs.ravel(), minlength=len(vectors)) >= 20
    likeness = vectors @ vectors[data.vocabulary.id_of(word)]
    order = np.argsort(-np.where(frequent, likeness, -1))
    tokens = [data.vocabulary.tokens[i] for i in order if i > 1]
    return [token for token in tokens if token != word][:top]


word = {"en": "aunt", "zh": "姨"}[LANGUAGE]
pd.DataFrame({task: nearest(model, word) for task, model in models.items()}).T

# %% [markdown] lang="en"
# `person` and `relation` have both found out that an aunt belongs to the family, independently, from different labels of the same sentences, about different people. `sentiment` has no use for aunts, and put her anywhere.
#
# So two of our four models have done the same work twice. If `person` had only 60 labels and `relation` thousands, could they not keep *one* embedding together? That is **lesson 03**.
#
# One more look at the package. The classic classifier is there by the name of `encoder="mlp"`; given our weights, does it give our answers?

# %% [markdown] lang="zh"
# `person` 和 `relation` 都发现了“姨”是家里人，而且是各自发现的：句子相同，标签不同，问的人也不同。`sentiment` 用不着“姨”，就把它随便放了个地方。
#
# 所以四个模型中，有两个把同样的活干了两遍。假如 `person` 只有 60 个标签，而 `relation` 有几千个，它们不能合用**一份**嵌入吗？这就是**第 03 课**。
#
# 最后再看一眼课程的包。经典分类器在那里叫 `encoder="mlp"`；把我们的权重交给它，它的回答和我们的一样吗？

# %%
from mtl_tutorial import SharingPlan, build_model

plan = SharingPlan({"embedding": [["person"]], "encoder": [["person"]]})
packaged = build_model(data, plan, encoder="mlp", embedding_dim=100, units=64)
packaged.set_weights(models["person"].get_weights())
logits = packaged.predict(valid.inputs, verbose=0)["person"]
same = np.allclose(
    tf.nn.softmax(logits), models["person"].predict(valid.inputs, verbose=0), atol=1e-5
)
same, packaged.count_params() == models["person"].count_params()

# %% [markdown] lang="en"
# ## In five lines
#
# 1. A score needs rivals that are tuned as hard: the laziest model, and a bag of words with logistic regression.
# 2. A network that looks at each token alone and takes the maximum is a bag of words; shuffling the sentence changes nothing.
# 3. Curves that are close and bad: too small. Training solved and validation not: too few labels, or too long; stop early, by validation.
# 4. Gradients are multiplied at every layer. Initial values of the right size, ReLU and residual connections keep the product near 1.
# 5. Silent bugs show in curves: know the loss of guessing, compare with a healthy run, distrust what is too good.

# %% [markdown] lang="zh"
# ## 五句话小结
#
# 1. 分数要有同样认真调过的对手：最懒的模型，以及词袋加逻辑回归。
# 2. 每个词元单独看、再取最大值的网络，就是词袋；把句子打乱，什么也不会变。
# 3. 两条曲线又近又差：模型太小。训练集做对了、验证集不行：标签太少，或训练太久；用验证集来早停。
# 4. 梯度每过一层都要乘一次。大小合适的初始值、ReLU 和残差连接，使乘积保持在 1 附近。
# 5. 不吭声的错误看曲线：记住瞎猜的损失，和正常的训练比，好过头的不要信。

# %% [markdown] lang="en"
# ## New terms
#
# | term | meaning |
# |---|---|
# | baseline | what a new model has to beat, tuned as hard as the new model |
# | bag of words | how often each token occurs; the order is lost |
# | embedding | a learned vector for each token |
# | pooling | one vector for a sentence from those of its tokens, such as the strongest value of each unit |
# | dropout | hiding some features at random in training |
# | cross entropy | −log of the probability of the right label; guessing among K costs log K |
# | epoch | one pass over the training sentences |
# | overfitting, underfitting | learning by heart; being too small or too little trained for the rule |
# | 95 % interval | the range in which the true mean is to be expected; intervals so made are right 95 times of 100 |
# | bootstrap | drawing the test sentences again and again, to see what other sentences would have said |
# | early stopping | stopping when validation has not got better for a while, and going back to the best epoch |
# | F1 | 2PR/(P + R): precision P is the share of the names found that are right, recall R the share of the true names that were found |
# | back-propagation | computing gradients from the top down: what goes in times what comes back |
# | vanishing, exploding gradients | the product over many layers becomes next to nothing, or huge |
# | residual connection | a layer adds to its input instead of replacing it |
#
# ## Further reading
#
# - S. Wang, C. Manning: *Baselines and Bigrams: Simple, Good Sentiment and Topic Classification*. ACL 2012. Bags of words that are hard to beat.
# - M. Iyyer, V. Manjunatha, J. Boyd-Graber, H. Daumé III: *Deep Unordered Composition Rivals Syntactic Methods for Text Classification*. ACL 2015. Networks that are bags of words, and say so.
# - X. Glorot, Y. Bengio: *Understanding the Difficulty of Training Deep Feedforward Neural Networks*. AISTATS 2010. Section 10, with more activations.
# - K. He, X. Zhang, S. Ren, J. Sun: *Delving Deep into Rectifiers*. ICCV 2015; and *Deep Residual Learning for Image Recognition*. CVPR 2016. The two cures.
# - S. Hochreiter: *Untersuchungen zu dynamischen neuronalen Netzen*. Diploma thesis, TU München 1991. Where vanishing gradients were found.
# - P. Koehn: *Statistical Significance Tests for Machine Translation Evaluation*. EMNLP 2004. The bootstrap over test sentences. S. Holm: *A Simple Sequentially Rejective Multiple Test Procedure*. Scandinavian Journal of Statistics 6 (1979).
# - N. Srivastava et al.: *Dropout*. JMLR 15 (2014). D. Kingma, J. Ba: *Adam*. ICLR 2015. D. R. Cox: *The Regression Analysis of Binary Sequences*. JRSS B 20 (1958).
#
# Next: **lesson 03**, [two tasks on one trunk](03_hard_sharing.ipynb).

# %% [markdown] lang="zh"
# ## 新术语
#
# | 术语 | 含义 |
# |---|---|
# | 基线（baseline） | 新模型必须超过的东西，要和新模型一样认真地调 |
# | 词袋（bag of words） | 每个词元出现几次；次序丢掉了 |
# | 嵌入（embedding） | 给每个词元学出来的一个向量 |
# | 池化（pooling） | 从各词元的向量得到一个句子向量，例如取每个单元最强的值 |
# | 暂退法（dropout） | 训练时随机遮住一部分特征 |
# | 交叉熵（cross entropy） | 正确标签的概率，取对数再取负；K 选一瞎猜，代价是 log K |
# | 轮（epoch） | 把训练句子过一遍 |
# | 过拟合、欠拟合（overfitting, underfitting） | 死记硬背；模型太小或练得太少，连规律都没学到 |
# | 置信区间（confidence interval） | 真正的平均值应当所在的范围；95% 置信区间，一百次里对九十五次 |
# | 自助法（bootstrap） | 对测试句子反复抽样，看看换一批句子会怎样 |
# | 早停（early stopping） | 验证集好一阵没有进步就停，并退回最好的那一轮 |
# | F1 | 2PR/(P + R)：精确率（precision）P 是找出的名字里对的比例，召回率（recall）R 是真正的名字中找出来的比例 |
# | 反向传播（back-propagation） | 从上往下算梯度：送进去的乘以传回来的 |
# | 梯度消失、梯度爆炸（vanishing, exploding gradients） | 许多层连乘，结果小到没有，或者大得惊人 |
# | 残差连接（residual connection） | 一层在输入上加一点，而不是取而代之 |
#
# ## 延伸阅读
#
# - S. Wang, C. Manning: *Baselines and Bigrams: Simple, Good Sentiment and Topic Classification*. ACL 2012. 很难超过的词袋。
# - M. Iyyer, V. Manjunatha, J. Boyd-Graber, H. Daumé III: *Deep Unordered Composition Rivals Syntactic Methods for Text Classification*. ACL 2015. 是词袋、也承认自己是词袋的网络。
# - X. Glorot, Y. Bengio: *Understanding the Difficulty of Training Deep Feedforward Neural Networks*. AISTATS 2010. 第 10 节的内容，激活函数更多。
# - K. He, X. Zhang, S. Ren, J. Sun: *Delving Deep into Rectifiers*. ICCV 2015；以及 *Deep Residual Learning for Image Recognition*. CVPR 2016. 两种疗法。
# - S. Hochreiter: *Untersuchungen zu dynamischen neuronalen Netzen*. 慕尼黑工业大学学位论文，1991. 最早发现梯度消失。
# - 阿斯顿·张、李沐、扎卡里·C. 立顿、亚历山大·J. 斯莫拉：《动手学深度学习》，人民邮电出版社（PyTorch 版，2023；网上版 zh.d2l.ai）。第 4 章“多层感知机”：过拟合、暂退法、反向传播、初始化，都有可以运行的代码。
# - 邱锡鹏：《神经网络与深度学习》，机械工业出版社（2020）。第 4 章“前馈神经网络”推导反向传播，第 7 章“网络优化与正则化”讲优化器和初始化。
# - P. Koehn: *Statistical Significance Tests for Machine Translation Evaluation*. EMNLP 2004. 对测试句子作自助抽样。S. Holm: *A Simple Sequentially Rejective Multiple Test Procedure*. Scandinavian Journal of Statistics 6 (1979).
# - N. Srivastava 等：*Dropout*. JMLR 15 (2014). D. Kingma, J. Ba: *Adam*. ICLR 2015. D. R. Cox: *The Regression Analysis of Binary Sequences*. JRSS B 20 (1958).
#
# 下一课：**第 03 课**，[一条主干，两个任务](03_hard_sharing.ipynb)。
