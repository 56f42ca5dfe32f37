# %% [markdown] lang="en"
# # Lesson 03 · Hard sharing
#
# **What changes when two tasks share their layers?**
#
# After this lesson you can
#
# 1. build one trunk with two heads by hand, and say what back-propagation adds up in a layer that two tasks share;
# 2. write down who shares what as a plan, and prove that the package builds the same model;
# 3. tell whether sharing helped: beside a baseline, over seeds, and with a control that says *what* helped.
#
# *Reading: 50 minutes. Exercises: 25 minutes. All cells together run in under 90 seconds and need less than 0.8 GB of memory.
# It builds on lesson 01 (missing labels) and lesson 02 (one model for each task).*

# %% [markdown] lang="zh"
# # 第 03 课 · 硬共享
#
# **两个任务共用几层网络，会有什么不同？**
#
# 学完本课，你能够
#
# 1. 亲手搭一个“一条主干、两个头”的模型，并说清反向传播在共享层里把什么加到了一起；
# 2. 把“谁和谁共享哪一层”写成一份方案，并证明课程的包照它建出的是同一个模型；
# 3. 判断共享究竟有没有用：和基线比，和种子间的波动比，还要用对照弄清是**什么**起了作用。
#
# *阅读约 50 分钟，练习约 25 分钟。全部单元格运行不到 90 秒，内存不到 0.8 GB。
# 需要先学第 01 课（缺失的标签）和第 02 课（每个任务一个模型）。*

# %% tags=["language"]
LANGUAGE = "en"

# %%
import inspect
import time

import numpy as np
import pandas as pd

from mtl_tutorial import SharingPlan, build_model, exercises, people, plots, train
from mtl_tutorial.scoring import in_words
from mtl_tutorial.startup import keras, tf
from mtl_tutorial.text import PAD

lesson = exercises.lesson("03", LANGUAGE)

# %% [markdown] lang="en"
# ## 1 · A poor task and a rich one
#
# Lesson 01 found that `person` (what is the person spoken of to the speaker?) and `relation` (what are the two people named to each other?) look at the same words.
# Now the case for which multi-task learning was invented. For `relation` 2,000 sentences are labeled. For `person` there was one afternoon: 60.

# %% [markdown] lang="zh"
# ## 1 · 一个穷任务，一个富任务
#
# 第 01 课发现，`person`（所谈的人是说话人的什么人？）和 `relation`（提到名字的两个人是什么关系？）看的是同样的词。
# 现在来看多任务学习最初要解决的情形：`relation` 有 2000 个句子标了标签；`person` 只标了一个下午，60 句。

# %%
corpus = people.load(LANGUAGE, ["person", "relation"])
data = corpus.with_labels({"person": 60, "relation": 2000}, seed=0)
sentences = data["train"]
data.describe().loc["train", ["sentences", "labelled", "missing"]]

# %%
known = np.flatnonzero(sentences.labelled("relation"))
pd.DataFrame({task: sentences.targets[task][known[:20]] for task in data.tasks}).T

# %% [markdown] lang="en"
# Even among the sentences that have a `relation` label, hardly one has a `person` label too; -1 means *nobody looked*.
# A model of `person` alone would have to leave all of these sentences aside. A model of both tasks can read them.
#
# ## 2 · One trunk, two heads
#
# Two functions will do. `convolve` is a layer that looks at each token together with its two neighbors (a *convolution*; lesson 05 builds one by hand).
# `head` takes the strongest value of each feature in the sentence and classifies. `real` is 1 where there is a token and 0 where there is padding.

# %% [markdown] lang="zh"
# 即使在有 `relation` 标签的句子里，也难得有一句还带着 `person` 标签；-1 表示**没有人看过**。
# 只学 `person` 的模型，只好把这些句子统统放在一边。同时学两个任务的模型，却可以读它们。
#
# ## 2 · 一条主干，两个头
#
# 两个函数就够了。`convolve` 是一层网络，它把每个词元和左右两个邻居放在一起看（卷积，convolution；第 05 课会亲手写一个）。
# `head` 取每个特征在句中的最大值，再做分类。`real` 在有词元的地方是 1，在补齐的地方是 0。


# %%
from keras import layers, ops


def convolve(x, real):
    x = layers.Conv1D(32, 3, padding="same", activation="relu")(x * real)
    return layers.Dropout(0.2)(x)  # [batch, time, 32]


def head(x, real, task):
    sentence = layers.Dropout(0.2)(ops.max(x * real, axis=1))  # [batch, 32]
    return layers.Dense(len(task.labels), name=task.name)(sentence)  # [batch, labels]


# %%
keras.utils.set_random_seed(0)
tokens = keras.Input((None,), dtype="int32")
real = ops.cast(tokens != PAD, "float32")[..., None]  # [batch, time, 1]
words = layers.Embedding(len(data.vocabulary), 32)(tokens)  # [batch, time, 32]
x = convolve(convolve(words, real), real)
hand = keras.Model(tokens, {name: head(x, real, task) for name, task in data.tasks.items()})

# %% [markdown] lang="en"
# Where is the sharing? In the last line: `x` was computed once and is used twice. What lies below `x` is the **trunk**, what lies above a **head**.
# Sharing layers in this way is called **hard parameter sharing** (Caruana 1997): not two similar layers, but one and the same.

# %% [markdown] lang="zh"
# 共享在哪里？在最后一行：`x` 只算了一次，却用了两次。`x` 以下是**主干**（trunk），以上是**头**（head）。
# 这样共用网络层叫作**硬参数共享**（hard parameter sharing，Caruana 1997）：不是两层很像，而是根本就是同一层。

# %%
variables = hand.trainable_variables
names = [variable.path for variable in variables]
pd.DataFrame({"variable": names, "shape": [str(tuple(v.shape)) for v in variables]})

# %%
{task: tuple(logits.shape) for task, logits in hand(sentences.inputs[:8]).items()}

# %% [markdown] lang="en"
# One embedding, two convolutions, and for every sentence two answers.
#
# ## 3 · A label that is not there
#
# What does the loss make of a -1? A toy: three labels, four sentences. The model is right and sure wherever there is a label. First the obvious repair: let -1 be 0, so that nothing crashes.

# %% [markdown] lang="zh"
# 一个嵌入层，两层卷积；每个句子得到两个回答。
#
# ## 3 · 不存在的标签
#
# 损失函数遇到 -1 会怎样？先看一个小例子：三种标签，四个句子；凡有标签的地方，模型都答对了，而且很有把握。先用一个想当然的补救办法：把 -1 换成 0，省得报错。

# %%
labels = np.array([2, 0, -1, -1])
logits = np.array([[0, 0, 4], [4, 0, 0], [0, 4, 0], [0, 0, 4]], "float32")
each = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="none")
losses = each(np.maximum(labels, 0), logits).numpy()
losses.round(2), losses.mean().round(2)

# %% [markdown] lang="en"
# The last two sentences are punished for not answering 0, a label that nobody gave them. With 60 labels among 2,000 sentences the model would mostly learn to say "family" (label 0).
# Silencing those two is not enough either: `(losses * (labels != -1)).mean()` still divides by four, and the task speaks at half its volume.
#
# ### Exercise 1 · `masked_mean`
#
# `masked_mean(losses, labels)` gives back the mean of the losses over the labels present, and 0 if there is none. Both are arrays of one shape; -1 is a missing label. What stands in `losses` at a missing label must not matter, even if it is not a number.

# %% [markdown] lang="zh"
# 最后两句因为没有回答 0 而受罚，可谁也没给它们标过 0。2000 个句子里只有 60 个标签，这样训练下去，模型多半只学会说“family”（标签 0）。
# 只让这两句闭嘴也还不够：`(losses * (labels != -1)).mean()` 仍然除以四，这个任务的音量就减了一半。
#
# ### 练习 1 · `masked_mean`
#
# `masked_mean(losses, labels)` 返回损失在所有存在的标签上的平均；一个标签也没有时返回 0。两个数组形状相同，-1 表示缺标签。缺标签处的 `losses` 是什么都不该有影响，哪怕它不是一个数（nan）。


# %% tags=["exercise"] exercise="masked_mean"
def masked_mean(losses, labels):
    return ...


# %% tags=["solution"] exercise="masked_mean"
def masked_mean(losses, labels):
    present = labels != -1
    return losses[present].mean() if present.any() else 0.0


# %%
lesson["masked_mean"].check(masked_mean)
# lesson["masked_mean"].hint()
# lesson["masked_mean"].solution()

# %% [markdown] lang="en"
# Keras can do it too, with `ignore_class`. The first number is the mean over the two labels present; the second belongs to a batch without any.

# %% [markdown] lang="zh"
# Keras 也能做到，参数是 `ignore_class`。第一个数是在两个存在的标签上的平均；第二个数来自一个标签都没有的批次（batch）。

# %%
loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-1)
float(loss_of(labels, logits)), float(loss_of(np.full(4, -1), logits))

# %% [markdown] lang="en"
# ## 4 · What back-propagation adds up
#
# Two tasks, two losses; training follows the gradient of their sum. What does a shared layer feel? Take the smallest trunk there is, one number `w`. One task would like it to be 1, the other 4.

# %% [markdown] lang="zh"
# ## 4 · 反向传播把什么加到了一起
#
# 两个任务，两个损失；训练顺着它们之和的梯度走。共享层感受到的是什么？取最小的主干：一个数 `w`。一个任务希望它是 1，另一个希望它是 4。

# %%
w = tf.Variable(0.0)
with tf.GradientTape(persistent=True) as tape:
    one, other = (w - 1) ** 2, (w - 4) ** 2
    both = one + other
[float(tape.gradient(loss, w)) for loss in (one, other, both)]

# %% [markdown] lang="en"
# The gradient of the sum is the sum of the gradients: -2 and -8 make -10. That is all that hard sharing does in training; everything else in this course follows from it.
# Is it so in the real model? The 60 sentences with a `person` label have a `relation` label as well; take them as one batch.

# %% [markdown] lang="zh"
# 和的梯度等于梯度的和：-2 加 -8 得 -10。硬共享在训练中所做的仅此而已；本课程后面的一切都由此而来。
# 真正的模型里也是这样吗？带 `person` 标签的 60 个句子也都有 `relation` 标签，就拿它们当一个批次。

# %%
few = np.flatnonzero(sentences.labelled("person"))
inputs = sentences.inputs[few]
targets = {task: labels[few] for task, labels in sentences.targets.items()}

with tf.GradientTape(persistent=True) as tape:
    answers = hand(inputs)
    losses = {task: loss_of(targets[task], answers[task]) for task in answers}
    losses["sum"] = losses["person"] + losses["relation"]

# %%
gradients = {name: tape.gradient(loss, variables) for name, loss in losses.items()}
kinds = {name: [type(g).__name__ for g in parts] for name, parts in gradients.items()}
pd.DataFrame(kinds, index=names)

# %% [markdown] lang="en"
# Three kinds of gradient, and each is worth a look.
#
# - `NoneType`: the `person` loss does not reach the `relation` head, nor the other way round. A variable that one task alone reaches gets this task's gradient, untouched by the sum.
# - `EagerTensor`: an array of numbers, as expected.
# - `IndexedSlices`: for the embedding TensorFlow keeps only the rows of tokens that occur, one slice for each occurrence. The slices of a token that occurs four times are meant to be added up.
#
# Does whoever uses them add them up? A toy: a word that occurs four times, gradient 1 each time. Adam's first step is as long as the learning rate, 0.1, whatever the gradient's size.

# %% [markdown] lang="zh"
# 梯度有三种，每一种都值得看一眼。
#
# - `NoneType`：`person` 的损失到不了 `relation` 的头，反过来也一样。只有一个任务能到达的变量，得到的就是这个任务自己的梯度，求和碰不到它。
# - `EagerTensor`：普通的数组，意料之中。
# - `IndexedSlices`：对嵌入层，TensorFlow 只保留出现过的词元那几行，每出现一次就有一片。一个词元出现四次，就有四片，本意是要加起来的。
#
# 用它们的人真的会加起来吗？看一个小例子：一个词出现四次，每次的梯度都是 1。Adam 的第一步总是正好等于学习率 0.1，不管梯度多大。

# %%
toy = layers.Embedding(3, 1, embeddings_initializer="zeros")
with tf.GradientTape() as tape_of_toy:
    loss = tf.reduce_sum(toy(np.array([1, 1, 1, 1])))
sparse = tape_of_toy.gradient(loss, toy.trainable_variables)[0]
for gradient in (sparse, tf.convert_to_tensor(sparse)):
    toy.set_weights([np.zeros((3, 1))])
    keras.optimizers.Adam(0.1).apply([gradient], toy.trainable_variables)
    print(f"{type(gradient).__name__:14}", toy.get_weights()[0].ravel().round(2))

# %% [markdown] lang="en"
# Keras' Adam moved the word twice as far as it should have. Nothing crashes; frequent words just learn at another speed, and two ways of computing *the same* gradient train different models.
# The cure is `tf.convert_to_tensor`, on every gradient. The package does it everywhere, and so shall we.

# %% [markdown] lang="zh"
# Keras 的 Adam 把这个词移动了应有距离的两倍。程序不报错；只是常见的词按另一种速度学习，而用两种方式算出的**同一个**梯度会训练出不同的模型。
# 解药是对每个梯度都用 `tf.convert_to_tensor`。课程的包处处如此，我们也照做。


# %%
def dense(gradient):
    return None if gradient is None else tf.convert_to_tensor(gradient).numpy().ravel()


person, relation, total = ([dense(g) for g in parts] for parts in gradients.values())


# %% [markdown] lang="en"
# **Predict.** On the embedding each task has a gradient: a direction with tens of thousands of components. What is the cosine between the two, before any training? 1: they want the same. 0: they have nothing to do with each other. -1: they want the opposite.

# %% [markdown] lang="zh"
# **先预测。** 在嵌入层上，每个任务各有一个梯度：一个几万维的方向。训练开始之前，两个方向的余弦（cosine）是多少？1：要的一样；0：互不相干；-1：正好相反。

# %%
direction = lesson.predict_first(cosine=...)
direction

# %%
rows = {}
for name, p, r, s in zip(names, person, relation, total, strict=True):
    if p is not None and r is not None:
        lengths = np.linalg.norm(p), np.linalg.norm(r)
        rows[name] = [*lengths, np.abs(p + r - s).max(), p @ r / lengths[0] / lengths[1]]
columns = ["length of person's", "length of relation's", "largest |p + r - sum|", "cosine"]
shared_layers = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
shared_layers.map("{:.2g}".format)

# %%
direction.compare(cosine=float(shared_layers["cosine"].iloc[0]))

# %% [markdown] lang="en"
# Third column: nearly zero. Up to rounding, the two gradients add up to that of the sum. All layers below `x` are in the table, no layer of a head is.
# Last column: close to zero. The two tasks pull the shared words in directions that have little to do with each other; neither stands in the other's way yet. Lesson 08 follows these angles through a training, and asks what to do when they turn negative.
#
# Now train: a step of our own, with every gradient made dense.

# %% [markdown] lang="zh"
# 第三列几乎是零：除了舍入误差，两个梯度相加正好等于和的梯度。`x` 以下的各层都在表里，头里的一层也没有。
# 最后一列：接近零。两个任务拉扯共享词向量的方向互不相干；眼下谁也不碍谁的事。第 08 课会在训练全程跟踪这些夹角，并问：夹角变负了怎么办？
#
# 现在来训练：自己写一步，每个梯度都变成稠密的。

# %%
optimizer = keras.optimizers.Adam(3e-3)


@tf.function
def step(inputs, targets):
    with tf.GradientTape() as tape:
        answers = hand(inputs, training=True)
        loss = tf.add_n([loss_of(targets[task], answers[task]) for task in answers])
    gradients = tape.gradient(loss, hand.trainable_variables)
    optimizer.apply([tf.convert_to_tensor(g) for g in gradients], hand.trainable_variables)
    return loss


# %%
def accuracy(model, split):
    found = model.predict(split.inputs, verbose=0)
    return {t: float((found[t].argmax(-1) == split.targets[t]).mean()) for t in found}


untrained = accuracy(hand, data["valid"])
rng = np.random.default_rng(0)
for _ in range(300):
    batch = rng.choice(known, 32)
    step(sentences.inputs[batch], {t: y[batch] for t, y in sentences.targets.items()})
pd.DataFrame({"untrained": untrained, "after 300 steps": accuracy(hand, data["valid"])})

# %% [markdown] lang="en"
# One model, one loop, and both tasks have learned. (`known` holds the 2,000 sentences with a `relation` label; the 60 are among them.)
#
# ### Exercise 2 · `split_top`
#
# Write `split_top(data)`: a model like `hand`, in which the tasks share the embedding and the *first* convolution, while each has the *second* convolution for itself. Use `convolve` and `head` from above.

# %% [markdown] lang="zh"
# 一个模型，一个循环，两个任务都学会了。（`known` 是有 `relation` 标签的 2000 个句子，那 60 句也在其中。）
#
# ### 练习 2 · `split_top`
#
# 请写 `split_top(data)`：和 `hand` 类似的模型，两个任务共享嵌入层和**第一层**卷积，而**第二层**卷积各有各的。可以用上文的 `convolve` 和 `head`。


# %% tags=["exercise"] exercise="split_top"
def split_top(data):
    return ...


# %% tags=["solution"] exercise="split_top"
def split_top(data):
    tokens = keras.Input((None,), dtype="int32")
    real = ops.cast(tokens != PAD, "float32")[..., None]
    words = layers.Embedding(len(data.vocabulary), 32)(tokens)
    shared = convolve(words, real)
    heads = {t: head(convolve(shared, real), real, task) for t, task in data.tasks.items()}
    return keras.Model(tokens, heads)


# %%
lesson["split_top"].check(split_top)
# lesson["split_top"].hint()
# lesson["split_top"].solution()

# %% [markdown] lang="en"
# ## 5 · The same model from a plan
#
# Our trunk has three **levels**. The lowest are the words, `embedding`; above them stand two **encoders**, `encoder_1` and `encoder_2`, which look at each word among its neighbors. Here an encoder is one convolution; lesson 05 has others.
#
# Two tasks and three levels were easy. With four tasks there are thousands of ways to share (lesson 04 counts them), and one wants to try many without rewriting the model each time. So the package separates the two: *who shares what* is a piece of plain data, a `SharingPlan`, and `build_model` turns it into layers.

# %% [markdown] lang="zh"
# ## 5 · 照着方案建同一个模型
#
# 我们的主干有三**层**（level）。最下面是嵌入层 `embedding`；在它之上是两个**编码器**（encoder），叫 `encoder_1` 和 `encoder_2`，它们把每个词和左右的邻居放在一起看。这里一个编码器就是一层卷积，别的编码器到第 05 课再讲。
#
# 两个任务、三层，写起来不难。四个任务就有几千种共享方式（第 04 课来数），谁都想多试几种，又不想每次重写模型。所以课程的包把两件事分开：**谁和谁共享哪一层**是一份普通的数据，叫 `SharingPlan`；`build_model` 再把它变成网络层。

# %%
plan = SharingPlan.hard(["person", "relation"])
plan

# %%
SIZE = {"units": 32, "embedding_dim": 32}
model = build_model(data, plan, **SIZE)
plots.sharing_diagram(plan, model.parameters(), language=LANGUAGE)

# %% [markdown] lang="en"
# Levels from the bottom up; a gray box is shared. Is it the model that we built? The strictest proof there is: give it our weights, and compare all answers to all test sentences.

# %% [markdown] lang="zh"
# 从下往上是各层；灰框是共享的。它就是我们亲手建的那个模型吗？最严格的证明：把我们的权重交给它，再比较它们对全部测试句子的全部回答。

# %%
print(hand.count_params() == model.count_params())
model.set_weights(hand.get_weights())
ours, its = (m.predict(data["test"].inputs, verbose=0) for m in (hand, model))
{task: float(np.abs(ours[task] - its[task]).max()) for task in ours}

# %% [markdown] lang="en"
# The same number of parameters, the same answers: it *is* the same model. How does `build_model` know what to call once and what twice? By a walk of eight lines below a docstring, here as it stands in `mtl_tutorial/model.py`:

# %% [markdown] lang="zh"
# 参数一样多，回答一模一样：这**就是**同一个模型。`build_model` 怎么知道哪一层调用一次、哪一层调用两次？靠下面这个函数，除去说明只有八行，原样取自 `mtl_tutorial/model.py`：

# %%
from mtl_tutorial.model import walk

print(inspect.getsource(walk))

# %% [markdown] lang="en"
# Each task climbs from the tokens to its head. A step is a pair (level, group of tasks that share it), and the steps so far are the *path*. The dictionary `reached` remembers what was computed on each path.
# Two tasks in the same groups have the same path, and the second finds everything done: that is our `x`, computed once and used twice. As soon as a group differs, so does the path, and from there on each task computes for itself.
# We can watch it with functions in place of layers:

# %% [markdown] lang="zh"
# 每个任务从词元出发，一层层爬到自己的头。一步就是一个二元组：（层，共享这一层的任务组）；走过的步子连起来就是**路径**。字典 `reached` 记住每条路径上已经算出的结果。
# 两个任务若总在同一组，路径就相同，后来的发现一切都已算好：这正是我们的 `x`，算一次，用两次。一旦某层分组不同，路径就不同，从那里往上就各算各的。
# 用普通函数代替网络层，就能看着它走：


# %%
def spy(level, group):
    def layer(below):
        print(f"{level} of {' and '.join(group)}")
        return f"{below} → {level}"

    return layer


split = plan.split("encoder_2", "person")
spies = {(level, group): spy(level, group) for level, groups in split for group in groups}
walk(split, "tokens", spies)

# %% [markdown] lang="en"
# `split` gave `person` an encoder of its own at one level: the plan of exercise 2. `share` undoes it. A plan never changes; every change is a new plan, and plans that mean the same are equal.

# %% [markdown] lang="zh"
# `split` 让 `person` 在某一层有了自己的编码器，这就是练习 2 的方案。`share` 则把它并回去。方案本身从不改变，每次改动都得到新的方案；意思相同的方案彼此相等。

# %%
split.share("encoder_2", ["person", "relation"]) == plan

# %%
plots.sharing_diagram(split, build_model(data, split, **SIZE).parameters(), language=LANGUAGE)

# %% [markdown] lang="en"
# ### Exercise 3 · `four`
#
# Write a plan for `person`, `relation`, `ner` and `sentiment`, with the levels `embedding`, `encoder_1`, `encoder_2`: all four share the words; `person` and `relation` share everything; `ner` shares the first encoder with them, but has a second one of its own; `sentiment` shares nothing but the words.

# %% [markdown] lang="zh"
# ### 练习 3 · `four`
#
# 请为 `person`、`relation`、`ner`、`sentiment` 写一份方案，各层为 `embedding`、`encoder_1`、`encoder_2`：四个任务共享嵌入层；`person` 和 `relation` 层层共享；`ner` 和它们共享第一个编码器，但第二个是自己的；`sentiment` 除了嵌入层什么也不共享。

# %% tags=["exercise"] exercise="four"
four = ...

# %% tags=["solution"] exercise="four"
four = SharingPlan.hard(["person", "relation", "ner", "sentiment"])
four = four.split("encoder_1", "sentiment").split("encoder_2", "sentiment")
four = four.split("encoder_2", "ner")

# %%
lesson["four"].check(four)
# lesson["four"].hint()
# lesson["four"].solution()

# %% [markdown] lang="en"
# ## 6 · What sharing saves
#
# **Predict.** How many parameters has the shared model, as a share of two separate models (0 to 1)? And how many times as long do the two separate models take to answer the same sentences?

# %% [markdown] lang="zh"
# ## 6 · 共享省下了什么
#
# **先预测。** 共享模型的参数是两个单独模型之和的几分之几（0 到 1）？回答同样的句子，两个单独的模型要花几倍的时间？

# %%
saving = lesson.predict_first(parameters=..., times_as_long=...)
saving

# %%
plans = {"separate": SharingPlan.separate(plan.tasks), "top split": split, "shared": plan}
built = {name: build_model(data, p, **SIZE) for name, p in plans.items()}
plots.parameter_bars({name: m.parameters() for name, m in built.items()})

# %% [markdown] lang="en"
# Nearly everything sits in the embedding, so sharing the words saves nearly everything. Now the time of one forward pass over the test sentences, the best of twelve:

# %% [markdown] lang="zh"
# 参数几乎都在嵌入层里，所以共享了词向量，就几乎省下了一切。再看时间：对全部测试句子做一次前向计算，十二次中取最快的一次。

# %%
test_inputs = tf.constant(data["test"].inputs)
answering = {name: tf.function(built[name]) for name in ("separate", "shared")}
times = {name: [] for name in answering}
for _ in range(13):  # in turn, so that whatever else the machine does hits both alike
    for name, answer in answering.items():
        start = time.perf_counter()
        answer(test_inputs)
        times[name].append(time.perf_counter() - start)
best = {name: min(seconds[1:]) for name, seconds in times.items()}  # the first builds the graph

# %%
parameters = built["shared"].count_params() / built["separate"].count_params()
saving.compare(parameters=parameters, times_as_long=best["separate"] / best["shared"])

# %% [markdown] lang="en"
# Half the parameters, and one pass through the trunk answers both questions in about half the time; with ten tasks it would be about a tenth.
#
# Be honest about what that is worth here. Training keeps four numbers for each parameter (its value, its gradient, Adam's two averages), four bytes each:

# %% [markdown] lang="zh"
# 参数减半；主干走一遍就回答了两个问题，时间也大约只要一半。若有十个任务，大约就是十分之一。
#
# 但要老实说清这在这里值多少。训练时每个参数要存四个数（它的值、它的梯度、Adam 的两个平均值），每个数四字节：

# %%
print(f"{built['shared'].count_params() * 4 * 4 / 1e6:.1f} MB")

# %% [markdown] lang="en"
# At our size nobody would miss the other megabyte; TensorFlow itself takes hundreds. With a pre-trained trunk of a hundred million parameters, one copy for each task is what you cannot afford, and there sharing is done for this reason alone. For us the question is the other one: does it *learn* better?
#
# ## 7 · Does it help?
#
# Two baselines, each task alone with the same labels, size and number of steps; beside them the shared model. Here is one run of it, seed 0, in front of you.
#
# **Predict.** Accuracy on the validation part, 0 to 1. For orientation: the laziest model, which always gives the most frequent label, has about 0.17 for `person` and 0.25 for `relation`.

# %% [markdown] lang="zh"
# 在我们这个规模上，省下的那不到一兆，谁也不在乎；TensorFlow 自己就占几百兆。可如果主干是上亿参数的预训练模型，每个任务一份就养不起了，那里单凭这一点就值得共享。对我们来说，问题是另一个：它**学得**更好吗？
#
# ## 7 · 有用吗？
#
# 两个基线：每个任务单独训练，标签、模型大小、步数都一样；旁边是共享模型。现在当场训练一次，种子为 0。
#
# **先预测。** 写下验证集上的准确率，0 到 1。作个参照：最懒的模型总是回答最常见的标签，`person` 大约得 0.17，`relation` 大约得 0.25。

# %%
guess = lesson.predict_first(
    person_alone=..., person_shared=..., relation_alone=..., relation_shared=...
)
guess

# %%
FIT = {"steps_per_epoch": 100, "learning_rate": 3e-3, "progress": False}
model = build_model(data, plan, **SIZE, seed=0)
live = train(model, data, epochs=6, **FIT)
live.final("valid").round(3)

# %% [markdown] lang="en"
# One run is an anecdote: other labels kept, other initial values, another order would have given other numbers. So there is a table of finished runs, five seeds a model; `python -m mtl_tutorial lesson-table 03` computes it anew. `experiments()` in `mtl_tutorial/lessons/lesson_03.py` says what is in it.

# %% [markdown] lang="zh"
# 一次训练只是孤例：换一批标签、换一组初值、换一个顺序，数字就不同。所以我们备好了一张已有结果表，每个模型五个种子；`python -m mtl_tutorial lesson-table 03` 可以重新算出它，里面有哪些训练，见 `mtl_tutorial/lessons/lesson_03.py` 的 `experiments()`。

# %%
from mtl_tutorial.lessons import finished

table = finished.load("03", LANGUAGE)
pd.Series([f"{' + '.join(r.header['scores'])}: {r.header['model']}" for r in table]).value_counts(
    sort=False
)


# %%
def runs(model, *tasks):
    """The finished runs of a model that learns these tasks, by seed."""
    return [r for r in table if r.header["model"] == model and [*r.header["scores"]] == [*tasks]]


shared = runs("shared", "person", "relation")
alone = {task: runs("alone", task) for task in plan.tasks}

# %% [markdown] lang="en"
# Does the run that you have just seen fit among the five? On the machine where the table was made it is the first of them, digit by digit. On another one the last digits of a sum differ, and training makes much of little; then it should lie in the same range.

# %% [markdown] lang="zh"
# 你刚才看到的那次训练，和这五次合得来吗？在制作这张表的机器上，它与其中第一次分毫不差。换一台机器，求和的末位数字会不同，训练又会把小差别放大；那样它也应落在同一范围里。

# %%
five = pd.DataFrame([run.final("valid") for run in shared])
five.agg(["min", "mean", "max"]).T.assign(live=live.final("valid")).round(3)

# %%
means = {
    f"{task}_{name}": float(np.mean([run.final("valid")[task] for run in group[task]]))
    for task in plan.tasks
    for name, group in (("alone", alone), ("shared", dict.fromkeys(plan.tasks, shared)))
}
guess.compare(**means)

# %%
single = [*alone["person"], *alone["relation"]]
plots.learning_curves({"alone": single, "shared": shared}, baseline="alone")

# %% [markdown] lang="en"
# Is that more than chance? For each seed both models had the same labels, so we compare them seed by seed, on the test part, which each run looked at once, after its last step.
# `in_words` is strict: it calls a difference beyond the spread only if all seeds agree on its sign, and if its mean is more than twice the standard deviation of the five differences.

# %% [markdown] lang="zh"
# 这不只是碰运气吧？同一个种子下，两个模型用的是同一批标签，所以逐个种子比较；用的是测试集，每次训练只在最后一步之后看过它一次。
# `in_words` 很严格：只有当所有种子的正负号一致，而且差值的平均超过五个差值的标准差的两倍，它才说“超出波动”。


# %%
def by_seed(task, **models):
    """Test accuracy in per cent: a row for each seed, a column for each model."""
    return pd.DataFrame({n: [100 * r.final("test")[task] for r in rs] for n, rs in models.items()})


def differs(scores, after, before):
    """Whether one model is better than another, in words."""
    says = in_words(scores[after] / 100, scores[before] / 100, LANGUAGE)
    print(f"{after:9} ← {before:6} {says}")


for task in plan.tasks:
    print(task)
    differs(by_seed(task, alone=alone[task], shared=shared), "shared", "alone")

# %% [markdown] lang="en"
# `person` gains about twenty points. `relation` gains nothing: it is some three points lower, with every seed, though the strict rule lets that pass as spread. (In the Chinese corpus it is more than ten.) Both facts need an explanation, and the first is less simple than it looks.
#
# ## 8 · Was it the other task?
#
# Compare what the two `person` models were *fed*. Both took 600 steps of 32 sentences. Alone, all 32 carried a `person` label, so that each of the 60 sentences came by 320 times. In the shared model 32 sentences were drawn from 2,000, and on average one of them had a `person` label: each came by about ten times.
# So two things changed at once: a second task was teaching the trunk, *and* the first one got another diet. Which of them was it?
#
# A **control** changes only one. Same model, same batches, but the loss of `relation` is multiplied by zero. It is there and says nothing; the table calls this model *relation muted*.
#
# **Predict.** Test accuracy of `person`, in per cent, with `relation` muted.

# %% [markdown] lang="zh"
# `person` 提高了二十多分（准确率的一个百分点算一分，下同）。`relation` 没有得到好处，反而丢了十多分。（英文语料里丢得少些，大约三分。）两件事都需要解释，而第一件并不像看上去那么简单。
#
# ## 8 · 真是另一个任务的功劳吗？
#
# 比一比两个 `person` 模型**吃**的是什么。两者都走了 600 步，每步 32 句。单独训练时，32 句全带 `person` 标签，60 个句子每个都要见 320 遍。共享模型的 32 句则是从 2000 句里抽的，平均只有一句带 `person` 标签：每个句子只见了十遍左右。
# 所以同时变了两样东西：多了一个任务在教主干，**而且**原来的任务换了伙食。究竟是哪一样起了作用？
#
# **对照**（control）只改变其中一样。同样的模型，同样的批次，只是把 `relation` 的损失乘以零。它在场，却一言不发；表里把这个模型叫作 *relation muted*（`relation` 静音）。
#
# **先预测。** `relation` 静音时，`person` 在测试集上的准确率是百分之多少？

# %%
control = lesson.predict_first(muted=...)
control

# %%
muted = runs("relation muted", "person", "relation")
scores = by_seed("person", alone=alone["person"], muted=muted, shared=shared)
control.compare(muted=float(scores["muted"].mean()))


# %%
def paired(scores, task):
    """One thin line a seed, the mean as a black bar."""
    figure = plots.Chart(figsize=(6.4, 3), layout="constrained", dpi=110)
    axes = figure.subplots()
    axes.plot(list(scores), scores.T, "o-", color=plots.task_color(task), alpha=0.45)
    axes.plot(list(scores), scores.mean(), "_k", markersize=28, markeredgewidth=2.5)
    axes.set(ylabel=f"{task}, % right on test", ylim=(0, 100))
    axes.margins(x=0.15)
    axes.grid(axis="y", color=plots.PALE)
    return figure


paired(scores, "person")

# %%
differs(scores, "muted", "alone")
differs(scores, "shared", "muted")
differs(scores, "shared", "alone")

# %% [markdown] lang="en"
# The first step, the diet: nothing beyond the spread, and on average rather a gain. That each label is seen thirty times less often does no harm here; alone, the thin training curve in the figure above is at the ceiling after a hundred steps, and more of the same adds nothing.
# The second step, the teaching: with every seed `person` is better when `relation` may speak, on average by some sixteen points, but so unevenly that the strict rule holds back. Five seeds *suggest* that most of the gain is the other task's own work. (In the Chinese corpus the same step is beyond the spread.) Lesson 09 asks how many seeds it takes.
#
# Keep the pattern: *alone → same diet, silent partner → shared*. Without the middle one cannot tell what a partner teaches from what it merely displaces. (In another setting the diet could well be the larger part.)
#
# ## 9 · Who pays, and how loudly was it said?
#
# Why is `relation` lower, with every seed? Its 2,000 labels are all there. But each loss is the mean over the labels *present*. With one `person` label in a batch of 32, this one label has as much say in the shared trunk as all 32 labels of `relation`. The 60 labels are few, and each is some thirty times as loud.
#
# A remedy suggests itself: turn `person` down. `model.compile(weigh={"person": 0.1})` multiplies its loss by 0.1; the table calls it *person quiet*.

# %% [markdown] lang="zh"
# 第一步，换伙食：差别没有超出波动，平均说来还略有好处。每个标签见到的次数只有原来的三十分之一，在这里并不碍事；单独训练时，前面图中那条细的训练曲线一百步就到了顶，再看多少遍也学不到什么。
# 第二步，另一个任务的教导：在每一个种子下，只要 `relation` 开口，`person` 就更好，而且超出波动。这二十多分大半是另一个任务自己的功劳；做了对照，这话才说得出口。（英文语料上这一步平均也有十六分左右，但各个种子相差太大，按严格的标准还不能下结论。究竟要多少个种子才够，第 09 课再谈。）
#
# 请记住这个套路：*单独 → 同样的伙食、伙伴静音 → 共享*。少了中间一项，就分不清伙伴教会了什么，又只是挤走了什么。（换一个场合，伙食完全可能占大头。）
#
# ## 9 · 谁付账？谁的嗓门大？
#
# `relation` 为什么会变差？它的 2000 个标签一个不少。但每个损失都是在**存在的**标签上求的平均。一个批次 32 句，只有一句带 `person` 标签时，这一个标签对共享主干的发言权，就和 `relation` 的 32 个标签加起来一样大。60 个标签虽少，每一个的嗓门却大了三十来倍。
#
# 补救办法不难想到：把 `person` 的音量调低。`model.compile(weigh={"person": 0.1})` 把它的损失乘以 0.1；表里把它叫作 *person quiet*（`person` 小声）。

# %%
quiet = runs("person quiet", "person", "relation")
everything = {
    task: by_seed(task, alone=alone[task], shared=shared, quiet=quiet) for task in plan.tasks
}
summary = pd.concat({task: scores.agg(["mean", "std"]).T for task, scores in everything.items()})
summary.round(1)

# %%
for task, scores in everything.items():
    print(task)
    differs(scores, "shared", "alone")
    differs(scores, "quiet", "alone")

# %% [markdown] lang="en"
# Turned down to a tenth, `person` keeps most of its gain, and `relation` is back at its baseline. One number in front of a loss did that, and no layer was touched. Lesson 07 is about such numbers, and about methods that claim to find them.
#
# ## 10 · Where sharing does not help
#
# So far `person` had 60 labels and a related partner. The next table, which came with the corpus (`data/README.md`), has 60 to 6,000 labels and three partners with 2,000 labels each; again five seeds, 1,000 steps. For every row and every partner the strict rule says whether `person` does better or worse than alone.

# %% [markdown] lang="zh"
# 音量调到十分之一，`person` 的好处保住了大半，`relation` 也回到了基线附近。做到这一点的只是损失前面的一个数，网络一层也没动。第 07 课专讲这样的数，以及那些声称能找到它们的方法。
#
# ## 10 · 共享帮不上忙的时候
#
# 到目前为止，`person` 有 60 个标签，还有一个相关的伙伴。下面这张表是随语料一起提供的（见 `data/README.md`）：标签从 60 到 6000 个，伙伴有三种，各 2000 个标签；同样是五个种子，每次 1000 步。每一行、每个伙伴，都按那个严格的标准判断：`person` 比单独训练时更好，还是更差？

# %%
from mtl_tutorial import calibration

grid = calibration.load_results().query("corpus == @LANGUAGE and target == 'person'")
grid = grid.pivot_table(index=["labels", "seed"], columns="companion", values="accuracy") * 100
partners = ["relation", "ner", "sentiment"]
gains = grid[partners].sub(grid["alone"], axis=0)
verdicts = {
    f"+ {partner}": {
        labels: in_words(rows[partner] / 100, rows["alone"] / 100, LANGUAGE)
        for labels, rows in grid.groupby("labels")
    }
    for partner in partners
}
pd.DataFrame(verdicts).style

# %%
figure = plots.Chart(figsize=(7, 3.4), layout="constrained", dpi=110)
axes = figure.subplots()
for place, partner in enumerate(partners):
    by_labels = gains[partner].groupby("labels")
    at = np.arange(4) + 0.06 * (place - 1)
    look = {"color": plots.task_color(partner), "fmt": "o-", "capsize": 3, "label": f"+ {partner}"}
    axes.errorbar(at, by_labels.mean(), by_labels.std(), **look)
axes.axhline(0, color="gray", linestyle="--")
axes.set_xticks(range(4), [f"{n:,}" for n in by_labels.groups])
axes.set(xlabel="person labels", ylabel="points gained over alone")
axes.legend(frameon=False, ncols=3, loc="upper right")
figure

# %% [markdown] lang="en"
# Bars: one standard deviation over five seeds. Read the figure from left to right and the table from top to bottom.
#
# - With 60 labels the related partner brings much, beyond the spread. Beside the unrelated one `person` is lower with every seed, by almost ten points on average; the strict rule still holds back, because the five seeds differ so much. (In the Chinese corpus it speaks of a loss.)
# - With 200 nothing is left of the gain. What `relation` could teach, `person` now learns from its own labels. Beside `sentiment` it is lower with every seed, as before. (In the Chinese corpus less than half of the gain is left, and not beyond the spread; beside `sentiment` the seeds disagree.)
# - From 600 on nothing is beyond the spread, and on average even the related partner does not help any more. (In the Chinese corpus with 6,000 labels all three partners cost something, about one point to two and a half, beyond the spread: the trunk has to serve two.)
#
# When sharing makes a task *worse* than it is alone, one speaks of **negative transfer**. Beside `sentiment` it looks like that. Is it the task `sentiment` that does it, or its diet? We know how to find out: it had the very batches that the muted model had.

# %% [markdown] lang="zh"
# 误差线是五个种子的一个标准差。图从左往右，表从上往下，对照着看：
#
# - 只有 60 个标签时，相关的伙伴帮了大忙，超出波动；不相关的伙伴反而**添乱**，平均要赔八九分，也超出波动。（英文语料上，`sentiment` 在每一个种子下都拖了后腿，平均将近十分，只是各个种子相差太大，按严格的标准还不能下结论。）
# - 到 200 个标签，好处只剩一小半，而且没有超出波动：`relation` 能教的，`person` 靠自己的标签也渐渐学会了。`sentiment` 添不添乱，五个种子说法不一。（英文语料上，这时好处已经没有了，而 `sentiment` 在每个种子下仍拖后腿。）
# - 从 600 个标签起，平均说来连相关的伙伴也帮不上忙；到 6000 个，三个伙伴个个都要赔上一分到两分半，全都超出波动：主干得伺候两家。（英文语料上，从 600 个标签起，没有一项超出波动。）
#
# 共享使一个任务比单独学习时**更差**，叫作**负迁移**（negative transfer）。那么祸首是 `sentiment` 这个任务，还是伙食？我们已经知道怎么查：它吃的批次和静音模型一模一样。

# %%
unrelated = runs("shared", "person", "sentiment")
scores = by_seed("person", alone=alone["person"], muted=muted, sentiment=unrelated)
differs(scores, "sentiment", "alone")
differs(scores, "sentiment", "muted")
paired(scores, "person")

# %% [markdown] lang="en"
# The first line is what we had: lower than alone with every seed, not beyond the spread. The second *is* beyond it. The same trunk, the same 60 labels, the same sentences in the same order; all that differs from the muted model is that `sentiment` speaks, and it costs more than ten points. This is no matter of feeding. The trunk learns what `sentiment` needs, and the few `person` labels have to make do with what is left.
# So say it in two sentences. That the partner's speaking does harm, five seeds show. That the model ends up worse than one without a partner, which is what *negative transfer* means, they only suggest, since the diet on average gives back a little of what the partner takes. (In the Chinese corpus both are beyond the spread.)
#
# Could we have known beforehand? Lesson 01's overlap of words pointed the right way for 60 labels. But it knows nothing of the number of labels, and with more of them the gain was gone; nothing of the loss's volume, which decided who pays; and it is silent about `ner`, where the figure shows now one thing, now another.
# Whether sharing helps is not a property of two tasks. It depends on tasks, labels, weights, and, as we shall see at once, on *which layers* are shared. One has to measure.
#
# ## 11 · One after the other
#
# Instead of training together, one can pass on what was learned. Train `relation` alone; then start `person` from its layers. `embedding_matrix=` starts the words from given vectors, `initialize_from=` any level from another trained model; everything else starts at random, and everything is trained on.
#
# **Predict.** Validation accuracy of `person` after 100 steps, if it starts from random values, from `relation`'s words, from `relation`'s whole trunk.

# %% [markdown] lang="zh"
# 两行都超出波动，说的却是两件事。先看第二行：同样的主干，同样的 60 个标签，同样的句子，同样的顺序；和静音模型唯一的不同是 `sentiment` 开了口，代价却超过 10 分。这不是伙食的问题。主干学的是 `sentiment` 需要的东西，少得可怜的 `person` 标签只好将就着用剩下的。
# 再看第一行：和单独训练相比也更差，这才是“负迁移”的本义。（英文语料上，只有第二行超出波动；第一行虽然每个种子都是下降，却没有超出：伙伴拿走的，伙食平均说来又还回来一点。所以那里只能说：伙伴开口有害，这是看清了的；结果比没有伙伴还差，五个种子只能算是提示。）
#
# 事先能知道吗？只看 60 个标签的情形，第 01 课的“词汇重合”指的方向是对的。可它不知道标签有多少，而标签一多，好处就没有了；不知道损失的音量，而谁付账正取决于音量；对 `ner` 它什么也没说，而图上的 `ner` 时好时坏。
# 共享有没有用，不是两个任务天生的属性。它取决于任务、标签、权重，还取决于共享的是**哪几层**——这一点马上就会看到。只有去量。
#
# ## 11 · 一个学完，再教另一个
#
# 不一起训练，也可以把学到的东西传下去：先单独训练 `relation`，再让 `person` 从它的网络层出发。`embedding_matrix=` 让嵌入层从给定的词向量开始，`initialize_from=` 让任何一层从另一个训练好的模型开始；其余部分随机初始化，然后全部继续训练。
#
# **先预测。** `person` 训练 100 步之后，在验证集上的准确率：从随机值出发，从 `relation` 的词向量出发，从 `relation` 的整条主干出发。

# %%
start = lesson.predict_first(random=..., words=..., trunk=...)
start

# %%
rich = data.only(["relation"])
teacher = build_model(rich, SharingPlan.hard(["relation"]), **SIZE)
train(teacher, rich, epochs=6, **FIT).final("valid").round(3)

# %%
vectors = teacher.shared_layer("embedding", "relation").get_weights()[0]  # [tokens, 32]
trunk = dict.fromkeys(["embedding", "encoder_1", "encoder_2"], teacher)


def person_from(seed, **start):
    """Validation accuracy after 100 steps on the 60 labels that this seed keeps."""
    poor = corpus.only(["person"]).with_labels({"person": 60}, seed)
    model = build_model(poor, SharingPlan.hard(["person"]), **SIZE, seed=seed, **start)
    return train(model, poor, epochs=1, seed=seed, **FIT).final("valid")["person"]


# %%
starts = pd.DataFrame(
    {
        "random": [
            run.curve("person")[1] for run in alone["person"][:3]
        ],  # from the table: epoch 1
        "words": [person_from(seed, embedding_matrix=vectors) for seed in range(3)],
        "trunk": [person_from(seed, initialize_from=trunk) for seed in range(3)],
    }
)
start.compare(**starts.mean())

# %%
differs(100 * starts, "words", "random")
differs(100 * starts, "trunk", "random")
differs(100 * starts, "words", "trunk")

# %% [markdown] lang="en"
# With good words to start from, 60 labels go further than in any model of this lesson: further than in the shared one, and in a hundred steps (after the teacher's six hundred). And the words alone serve *better* than the whole trunk of which they are a part.
# So what these two tasks have in common sits in the words. Above them each has to look at another place of the sentence, and an encoder that is finished for the one seems to be in the other's way.
#
# Hard sharing gave `person` the words, but made it take the encoders as well. Who says that one has to share every level?
#
# ## In five lines
#
# 1. Sharing a layer means computing once and using twice; in training the layer gets the sum of the tasks' gradients.
# 2. A missing label must neither teach nor dilute; a mean over the labels present makes a rare label loud.
# 3. Who shares what is a plan, plain data; groups of one everywhere share nothing.
# 4. A gain is told beside a baseline, over seeds; a control with a silent partner tells what it comes from.
# 5. Related partner and few labels: a gain. Many labels: none. Unrelated partner and few labels: harm, beyond the spread beside the silent control. One has to measure.

# %% [markdown] lang="zh"
# 有了好的词向量作起点，同样是 60 个标签，走得却比本课里别的模型都远：超过了共享模型，而且只用了一百步（老师自己的六百步另算）。而且，单用词向量，平均说来竟比用上整条主干（词向量本是其中一部分）还要**好**。
# 看来这两个任务共同的东西在词里。再往上，它们要看的是句子的不同位置；为一个任务练好的编码器，对另一个反而像是碍事。
#
# 硬共享把词给了 `person`，却也硬塞给它两层编码器。谁规定每一层都非共享不可呢？
#
# ## 五行小结
#
# 1. 共享一层，就是算一次、用两次；训练时，这一层得到的是各任务梯度之和。
# 2. 缺失的标签既不能教错东西，也不能冲淡损失；而在存在的标签上求平均，会让稀少的标签嗓门变大。
# 3. 谁和谁共享哪一层是一份方案，是普通的数据；处处一个任务一组，就是什么都不共享。
# 4. 说有提高，要和基线比，要看多个种子；伙伴静音的对照，才说得清提高从何而来。
# 5. 伙伴相关、标签又少：有好处。标签多了：没有。伙伴不相关、标签又少：有坏处，和伙伴静音的对照相比超出波动。只有去量。

# %% [markdown] lang="en"
# ## New terms
#
# | term | meaning |
# |---|---|
# | trunk, head | the layers that tasks share; the layers on top that answer for one task |
# | level | a floor of the trunk, from the words up: `embedding`, `encoder_1`, `encoder_2` |
# | encoder | what stands above the words and looks at each of them among the others; here a convolution |
# | hard parameter sharing | several tasks use the very same layers |
# | sharing plan | level by level, which tasks use one copy |
# | `IndexedSlices` | TensorFlow's sparse gradient of an embedding: one slice for each occurrence of a token |
# | control | a run that changes one thing only |
# | negative transfer | sharing makes a task worse than it is alone |
# | loss weight | a number in front of a task's loss: its volume |
#
# ## Further reading
#
# - R. Caruana: *Multitask Learning*. Machine Learning 28 (1997), 41–75. Asks, as we did, whether it is really the other tasks that help, and tests other explanations.
# - R. Collobert, J. Weston: *A Unified Architecture for Natural Language Processing: Deep Neural Networks with Multitask Learning*. ICML 2008. One trunk of convolutions for six tasks.
# - S. Ruder: *An Overview of Multi-Task Learning in Deep Neural Networks*. arXiv:1706.05098 (2017).
# - J. Bingel, A. Søgaard: *Identifying beneficial task relations for multi-task learning in deep neural networks*. EACL 2017. 90 ordered pairs of tasks: sharing helped in fewer than half.
#
# Next: **lesson 04**, which layers should be shared?

# %% [markdown] lang="zh"
# ## 新术语
#
# | 术语 | 含义 |
# |---|---|
# | 主干、头（trunk, head） | 各任务共享的若干层；在它之上、只为一个任务作答的层 |
# | 层（level） | 主干的一级，从词往上数：`embedding`、`encoder_1`、`encoder_2` |
# | 编码器（encoder） | 嵌入层之上的部分，把每个词和别的词放在一起看；这里是一层卷积 |
# | 硬参数共享（hard parameter sharing） | 几个任务使用完全相同的层 |
# | 共享方案（sharing plan） | 逐层写明哪些任务共用一份 |
# | `IndexedSlices` | TensorFlow 中嵌入层的稀疏梯度：词元每出现一次就有一片 |
# | 对照（control） | 和被考察的训练只差一样的训练 |
# | 负迁移（negative transfer） | 共享使一个任务比单独学习时更差 |
# | 损失权重（loss weight） | 任务损失前面的系数，相当于音量 |
#
# ## 延伸阅读
#
# - R. Caruana: *Multitask Learning*. Machine Learning 28 (1997), 41–75. 文中也问了和我们一样的问题：真的是别的任务帮的忙吗？并逐一检验其他解释。
# - R. Collobert, J. Weston: *A Unified Architecture for Natural Language Processing: Deep Neural Networks with Multitask Learning*. ICML 2008. 一条卷积主干，六个任务。
# - S. Ruder: *An Overview of Multi-Task Learning in Deep Neural Networks*. arXiv:1706.05098 (2017).
# - J. Bingel, A. Søgaard: *Identifying beneficial task relations for multi-task learning in deep neural networks*. EACL 2017. 90 对有序的任务组合，共享有益的不到一半。
#
# 下一课：**第 04 课**，该共享哪几层？
