# %% [markdown] lang="en"
# # Lesson 03 · Hard sharing
#
# **What changes when two tasks share their layers?**
#
# After this lesson you can
#
# 1. build one trunk with two heads by hand, and say what back-propagation adds up in a layer that two tasks share;
# 2. write down who shares what as a plan, and prove that the package builds the same model;
# 3. tell whether sharing helped: beside the strongest baseline, over seeds with an interval, and with controls that say *what* helped.
#
# *Reading: 55 minutes. Exercises: 25 minutes. All cells together run in under 60 seconds and need less than 0.8 GB of memory.
# It builds on lesson 01 (missing labels) and lesson 02 (one model for each task, intervals).*

# %% [markdown] lang="zh"
# # 第 03 课 · 硬共享
#
# **两个任务共用几层网络，会有什么不同？**
#
# 学完本课，你能够
#
# 1. 亲手搭一个“一条主干、两个头”的模型，并说清反向传播在共享层里把什么加到了一起；
# 2. 把“谁和谁共享哪一层”写成一份方案，并证明课程的包照它建出的是同一个模型；
# 3. 判断共享究竟有没有用：和最强的基线比，对多个种子给出置信区间，还要用对照弄清是**什么**起了作用。
#
# *阅读约 55 分钟，练习约 25 分钟。全部单元格运行不到 60 秒，内存不到 0.8 GB。
# 需要先学第 01 课（缺失的标签）和第 02 课（每个任务一个模型，置信区间）。*

# %% tags=["language"]
LANGUAGE = "en"

# %%
import inspect
import time

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from mtl_tutorial import SharingPlan, build_model, exercises, people, plots, train
from mtl_tutorial.comparing import holm, paired_difference
from mtl_tutorial.runs import still_climbing
from mtl_tutorial.startup import keras, tf
from mtl_tutorial.text import PAD

lesson = exercises.lesson("03", LANGUAGE)
plt.rcParams["font.family"] = plots.fonts.families()  # Chinese too | 中文也能显示

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
data.describe().loc["train", ["sentences", "labeled", "missing"]]

# %%
known = np.flatnonzero(sentences.labeled("relation"))
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
pd.DataFrame({"variable | 变量": names, "shape | 形状": [str(tuple(v.shape)) for v in variables]})

# %%
{task: tuple(logits.shape) for task, logits in hand(sentences.inputs[:8]).items()}

# %% [markdown] lang="en"
# One embedding, two convolutions, and for every sentence two answers. Each is one number a label, a **logit**: the score *before* softmax. (Lesson 02's models ended in softmax. Here the loss applies it, `from_logits=True`, which rounds less; the largest logit is the largest probability, so an answer is still the `argmax`.)
#
# ## 3 · A label that is not there
#
# What does the loss make of a -1? A toy: three labels, four sentences. The model is right and sure wherever there is a label. First the obvious repair: let -1 be 0, so that nothing crashes.

# %% [markdown] lang="zh"
# 一个嵌入层，两层卷积；每个句子得到两个回答。每个回答是一个标签一个数，叫**对数几率**（logit），即 softmax **之前**的得分。（第 02 课的模型以 softmax 收尾；这里由损失函数来做这一步，`from_logits=True`，舍入误差更小。得分最大的，概率也最大，所以取答案仍用 `argmax`。）
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
# Two tasks, two losses; training follows the gradient of their sum. With $B_t$ for the sentences of a batch that have a label of task $t$, $\theta_0$ for the shared layers, $\theta_t$ for the head of the task and a weight $w_t$ (1 for now), the **joint loss** reads in every paper
#
# $$L(\theta_0, \theta_1, \theta_2) = \sum_t w_t L_t(\theta_0, \theta_t), \qquad L_t = \frac{1}{|B_t|} \sum_{i \in B_t} \ell_t(i), \qquad \frac{\partial L}{\partial \theta_0} = \sum_t w_t \frac{\partial L_t}{\partial \theta_0}$$
#
# What does a shared layer feel? Take the smallest trunk there is, one number `w`. One task would like it to be 1, the other 4.

# %% [markdown] lang="zh"
# ## 4 · 反向传播把什么加到了一起
#
# 两个任务，两个损失；训练顺着它们之和的梯度走。记 $B_t$ 为批次里带任务 $t$ 标签的句子，$\theta_0$ 为共享层的参数，$\theta_t$ 为该任务的头的参数，$w_t$ 为权重（眼下都是 1），论文里的**联合损失**（joint loss）就是
#
# $$L(\theta_0, \theta_1, \theta_2) = \sum_t w_t L_t(\theta_0, \theta_t), \qquad L_t = \frac{1}{|B_t|} \sum_{i \in B_t} \ell_t(i), \qquad \frac{\partial L}{\partial \theta_0} = \sum_t w_t \frac{\partial L_t}{\partial \theta_0}$$
#
# 共享层感受到的是什么？取最小的主干：一个数 `w`。一个任务希望它是 1，另一个希望它是 4。

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
few = np.flatnonzero(sentences.labeled("person"))
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
# - `IndexedSlices`: for the embedding TensorFlow keeps only the rows of tokens that occur, one slice for each occurrence. Such a gradient is called *sparse*. The slices of a token that occurs four times are meant to be added up.
#
# Does whoever uses them add them up? A toy: a word that occurs four times, gradient 1 each time. Adam's first step is as long as the learning rate, 0.1, whatever the gradient's size.

# %% [markdown] lang="zh"
# 梯度有三种，每一种都值得看一眼。
#
# - `NoneType`：`person` 的损失到不了 `relation` 的头，反过来也一样。只有一个任务能到达的变量，得到的就是这个任务自己的梯度，不受求和影响。
# - `EagerTensor`：普通的数组，意料之中。
# - `IndexedSlices`：对嵌入层，TensorFlow 只保留出现过的词元那几行，每出现一次就有一片（slice）。这样的梯度叫**稀疏**（sparse）梯度。一个词元出现四次，就有四片，本意是要加起来的。
#
# 优化器（optimizer）真的会把它们加起来吗？看一个小例子：一个词出现四次，每次的梯度都是 1。Adam 的第一步总是正好等于学习率 0.1，不管梯度多大。

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
# The cure is `tf.convert_to_tensor`, on every gradient. The package does it in every step of its own, and so shall we. (Keras' `fit`, with which lesson 02 trained, does not: its classifiers had the faster words.)

# %% [markdown] lang="zh"
# Keras 的 Adam 把这个词移动了应有距离的两倍。程序不报错；只是常见的词按另一种速度学习，而用两种方式算出的**同一个**梯度会训练出不同的模型。
# 解药是对每个梯度都用 `tf.convert_to_tensor`。课程的包自己走的每一步都如此，我们也照做。（第 02 课用的是 Keras 的 `fit`，它不这样做，所以那里的分类器，常见的词学得快些。）


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
columns = ["length of person's | person 的长度", "length of relation's | relation 的长度"]
columns += ["largest |p + r - sum| | 最大的 |p + r - 和|", "cosine | 余弦"]
shared_layers = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
shared_layers.map("{:.2g}".format)

# %%
direction.compare(cosine=float(shared_layers["cosine | 余弦"].iloc[0]))

# %% [markdown] lang="en"
# Third column: nearly zero. Up to rounding, the two gradients add up to that of the sum. All layers below `x` are in the table, no layer of a head is.
# Last column: close to zero. The two tasks pull the shared words in directions that have little to do with each other; neither stands in the other's way yet. Lesson 08 follows these angles through a training, and asks what to do when they turn negative.
#
# Now train: a step of our own, with every gradient made dense.

# %% [markdown] lang="zh"
# 第三列几乎是零：除了舍入误差，两个梯度相加正好等于和的梯度。`x` 以下的各层都在表里，头里的一层也没有。
# 最后一列：接近零。两个任务拉扯共享词向量的方向互不相干；眼下谁也不碍谁的事。第 08 课会在训练全程跟踪这些夹角，并问：夹角变负了怎么办？
#
# 现在来训练：自己写一步，每个梯度都变成稠密（dense）的。

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
pd.DataFrame({
    "untrained | 未训练": untrained,
    "after 300 steps | 300 步之后": accuracy(hand, data["valid"]),
})

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
# 我们的主干有三个**层级**（level）。最下面是嵌入层 `embedding`；在它之上是两个**编码器**（encoder），叫 `encoder_1` 和 `encoder_2`，它们把每个词和左右的邻居放在一起看。这里一个编码器就是一层卷积，别的编码器到第 05 课再讲。
#
# 两个任务、三个层级，写起来不难。四个任务就有几千种共享方式（第 04 课来数），谁都想多试几种，又不想每次重写模型。所以课程的包把两件事分开：**谁和谁共享哪一层**是一份普通的数据，叫 `SharingPlan`；`build_model` 再把它变成网络层。

# %%
plan = SharingPlan.hard(["person", "relation"])
plan

# %%
SIZE = {"units": 32, "embedding_dim": 32}
model = build_model(data, plan, **SIZE)
plots.sharing_diagram(plan, model.parameters(), language=LANGUAGE)

# %% [markdown] lang="en"
# Levels from the bottom up; a gray box is shared. Is it the model that we built? The strictest proof there is: give it our weights, and compare all answers to all validation sentences.

# %% [markdown] lang="zh"
# 从下往上是各个层级；灰框是共享的。它就是我们亲手建的那个模型吗？最严格的证明：把我们的权重交给它，再比较它们对全部验证句子的全部回答。

# %%
print(hand.count_params() == model.count_params())
model.set_weights(hand.get_weights())
ours, its = (m.predict(data["valid"].inputs, verbose=0) for m in (hand, model))
{task: float(np.abs(ours[task] - its[task]).max()) for task in ours}

# %% [markdown] lang="en"
# The same number of parameters, the same answers: it *is* the same model. How does `build_model` know what to call once and what twice? By a walk of eleven lines below a docstring, here as it stands in `mtl_tutorial/climbing.py`:

# %% [markdown] lang="zh"
# 参数一样多，回答一模一样：这**就是**同一个模型。`build_model` 怎么知道哪一层调用一次、哪一层调用两次？靠下面这个函数，除去说明只有十一行，原样取自 `mtl_tutorial/climbing.py`：

# %%
from mtl_tutorial.climbing import walk

print(inspect.getsource(walk))

# %% [markdown] lang="en"
# The tasks climb together, level by level, from the tokens to their heads. A step is a pair (level, group of tasks that share it), and a task's steps so far are its *path*. The dictionary `reached` remembers what was computed on each path.
# Two tasks in the same groups have the same path, and the second finds everything done: that is our `x`, computed once and used twice. As soon as a group differs, so does the path, and from there on each task computes for itself. (The two lines with `_fed` and `_mixed` do nothing for a plan like ours; lessons 06 and 10 need them.)
# We can watch it with functions in place of layers:

# %% [markdown] lang="zh"
# 所有任务一起从词元出发，一级一级爬到各自的头。一步就是一个二元组：（层级，共享这个层级的任务组）；一个任务走过的步子连起来就是它的**路径**。字典 `reached` 记住每条路径上已经算出的结果。
# 两个任务若总在同一组，路径就相同，后来的发现一切都已算好：这正是我们的 `x`，算一次，用两次。一旦某个层级分组不同，路径就不同，从那里往上就各算各的。（带 `_fed` 和 `_mixed` 的两行，对我们这样的方案什么也不做；第 06 课和第 10 课才用得上。）
# 用普通函数代替网络层，就能看着它走：


# %%
def spy(level, group):
    def layer(below):
        print(f"{level} ({', '.join(group)})")
        return f"{below} → {level}"

    return layer


split = plan.split("encoder_2", "person")
spies = {(level, group): spy(level, group) for level, groups in split for group in groups}
reached = walk(split, "tokens", spies)
{task: reached[split.path(task)] for task in split.tasks}

# %% [markdown] lang="en"
# `split` gave `person` an encoder of its own at one level: the plan of exercise 2. `share` undoes it. A plan never changes; every change is a new plan, and plans that mean the same are equal.

# %% [markdown] lang="zh"
# `split` 让 `person` 在某个层级有了自己的编码器，这就是练习 2 的方案。`share` 则把它并回去。方案本身从不改变，每次改动都得到新的方案；意思相同的方案彼此相等。

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
# 请为 `person`、`relation`、`ner`、`sentiment` 写一份方案，层级为 `embedding`、`encoder_1`、`encoder_2`：四个任务共享嵌入层；`person` 和 `relation` 每个层级都共享；`ner` 和它们共享第一个编码器，但第二个是自己的；`sentiment` 除了嵌入层什么也不共享。

# %% tags=["exercise"] exercise="four"
four = ...

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
shown = {"separate": "separate | 分开", "top split": "top split | 顶层分开", "shared": "shared | 共享"}
bars = {shown[name]: built[name].parameters() for name in built}
plots.parameter_bars(bars, language=LANGUAGE)

# %% [markdown] lang="en"
# Nearly everything sits in the embedding, so sharing the words saves nearly everything. Now the time of one forward pass over the validation sentences, the best of twelve:

# %% [markdown] lang="zh"
# 参数几乎都在嵌入层里，所以共享了词向量，就几乎省下了一切。再看时间：对全部验证句子做一次前向计算，十二次中取最快的一次。

# %%
valid_inputs = tf.constant(data["valid"].inputs)
answering = {name: tf.function(built[name]) for name in ("separate", "shared")}
times = {name: [] for name in answering}
for _ in range(13):  # in turn, so that whatever else the machine does hits both alike
    # | 轮流计时：机器若在忙别的，两边受的影响一样
    for name, answer in answering.items():
        start = time.perf_counter()
        answer(valid_inputs)
        times[name].append(time.perf_counter() - start)
best = {name: min(seconds[1:]) for name, seconds in times.items()}  # the first builds the graph
# | 第一次要建计算图，不算

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
FIT = {"steps_per_epoch": 200, "learning_rate": 3e-3, "progress": False}
model = build_model(data, plan, **SIZE, seed=0)
live = train(model, data, epochs=3, **FIT)
live.final("valid").round(3)

# %% [markdown] lang="en"
# One run is an anecdote: other labels kept, other initial values, another order would have given other numbers. So there is a table of finished runs, five seeds a model: 2,400 steps each for the models of this section and the next, 1,200 for those after that; `python -m mtl_tutorial lesson-table 03` computes it anew. `experiments()` in `mtl_tutorial/lessons/lesson_03.py` says what is in it.

# %% [markdown] lang="zh"
# 一次训练只是孤例：换一批标签、换一组初值、换一个顺序，数字就不同。所以我们备好了一张已有结果表，每个模型五个种子：本节和下一节的模型每次 2400 步，再往后的每次 1200 步；`python -m mtl_tutorial lesson-table 03` 可以重新算出它，里面有哪些训练，见 `mtl_tutorial/lessons/lesson_03.py` 的 `experiments()`。

# %%
from mtl_tutorial.lessons import finished

table = finished.load("03", LANGUAGE)
pd.Series([f"{' + '.join(r.header['scores'])}: {r.header['model']}" for r in table]).value_counts(
    sort=False
)


# %%
def runs(model, *tasks):
    """The finished runs of a model that learns these tasks, by seed.
    | 学这几个任务的某个模型的已有结果，按种子排列。"""
    return [r for r in table if r.header["model"] == model and [*r.header["scores"]] == [*tasks]]


shared = runs("shared", "person", "relation")
alone = {task: runs("alone", task) for task in plan.tasks}

# %% [markdown] lang="en"
# Does the run that you have just seen fit among the five, after as many steps? On the machine where the table was made it is the first of them, digit by digit. On another one the last digits of a sum differ, and training makes much of little; then it should lie in the same range.

# %% [markdown] lang="zh"
# 你刚才看到的那次训练，和这五次走到同样步数时的结果对得上吗？在制作这张表的机器上，它与其中第一次分毫不差。换一台机器，求和的末位数字会不同，训练又会把小差别放大；那样它也应落在同一范围里。

# %%
five = pd.DataFrame([{t: run.curve(t)[3] for t in plan.tasks} for run in shared])
among = five.agg(["min", "mean", "max"]).T
among["live"] = live.final("valid")
among.round(3)

# %%
means = {
    f"{task}_{name}": float(np.mean([run.final("valid")[task] for run in group[task]]))
    for task in plan.tasks
    for name, group in (("alone", alone), ("shared", dict.fromkeys(plan.tasks, shared)))
}
guess.compare(**means)

# %%
single = [*alone["person"], *alone["relation"]]
curves = {"alone | 单独": single, "shared | 共享": shared}
plots.learning_curves(curves, baseline="alone | 单独", language=LANGUAGE)

# %% [markdown] lang="en"
# Have they all arrived? A model that learns two tasks is slower at each, and *slower is not worse*: whoever compares too early measures patience. `still_climbing` asks whether a score rose in the last quarter of the training by more than its interval over seeds. (*False* is what we want to see here.)

# %% [markdown] lang="zh"
# 都到头了吗？同时学两个任务的模型，每个任务都学得慢些，而**慢不等于差**：比得太早，量到的只是耐心。`still_climbing` 问的是：训练的最后四分之一里，得分还在升吗？升幅超出种子间的置信区间才算。（这里希望看到的是 False。）

# %%
ways = {"alone": alone, "shared": dict.fromkeys(plan.tasks, shared)}
climbing = {name: {t: still_climbing(group[t], t) for t in plan.tasks} for name, group in ways.items()}
pd.DataFrame(climbing)

# %% [markdown] lang="en"
# Is the difference more than chance? For each seed both models had the same labels, so we compare them seed by seed, on the *validation* part (the test part stays closed until section 12), and take the mean difference with its 95 % interval (lesson 02).
#
# And against whom? `alone` is our own network. Lesson 02 has taught us not to trust a baseline because it is ours: with 60 labels the **bag of words**, tuned, is a rival too. A claim about sharing must beat *the better of the two*. So the bag of words learns from the same 60 sentences, seed by seed, and its `C` is chosen on validation, as in lesson 02:

# %% [markdown] lang="zh"
# 这不只是碰运气吧？同一个种子下，两个模型用的是同一批标签，所以逐个种子比较，取差值的平均和 95% 置信区间（第 02 课）；用的是**验证集**，测试集到第 12 节才打开。
#
# 那么，和谁比？`alone` 是我们自己的网络。第 02 课的教训是：不能因为基线是自己的就信它；只有 60 个标签时，调好的**词袋**也是对手。说共享有用，就得胜过**两者中较强的那个**。所以让词袋也逐个种子地学同样的 60 个句子，`C` 照第 02 课的办法在验证集上选：

# %%
from mtl_tutorial.lessons import baselines


def bag_of_words(strength, seed):
    """The answers of lesson 02's bag of words to both parts, learned from the seed's 60 labels.
    | 第 02 课的词袋从该种子的 60 个标签学习后，对验证集和测试集的回答。"""
    training = baselines.Training(LANGUAGE, "person", 60, "bag of words", strength, seed)
    return baselines.answers(training)


labels = corpus["valid"].targets["person"]
tried = pd.DataFrame({
    C: [(bag_of_words(C, seed)["valid"] == labels).mean() for seed in range(5)]
    for C in baselines.GRID["bag of words"]
})
best = tried.mean().idxmax()
tried.mean().round(3)

# %%
NAMES = {
    "alone": "alone | 单独", "shared": "shared | 共享", "bag": "bag of words | 词袋",
    "muted": "partner muted | 伙伴静音", "quiet": "person quiet | person 小声",
    "words": "words shared | 只共享词", "sentiment": "beside sentiment | 和 sentiment 一起",
    "random": "random | 随机", "vectors": "words | 词向量", "trunk": "trunk | 整条主干",
}


# %%
def by_seed(task, split="valid", at=None, **models):
    """Accuracy at the end or after `at` epochs: a row for each seed, a column for each model.
    | 结束时或 `at` 轮之后的准确率：一行一个种子，一列一个模型。"""
    return pd.DataFrame({
        name: [run.curve(task)[at] if at else run.final(split)[task] for run in group]
        for name, group in models.items()
    })


def differences(scores, *pairs, what=""):
    """By how much the first of each pair is better than the second.
    | 每一对里，前者比后者好多少。"""
    return {
        f"{what}{NAMES[a]} − {NAMES[b]}": paired_difference(scores[a], scores[b]) for a, b in pairs
    }


def draw(rows):
    """The differences with their intervals, judged together (Holm). | 画出差值和置信区间，一起判断（Holm）。"""
    return plots.differences(holm(rows), language=LANGUAGE)


# %%
person = by_seed("person", alone=alone["person"], shared=shared)
person["bag"] = tried[best]
relation = by_seed("relation", alone=alone["relation"], shared=shared)
helped = differences(person, ("shared", "alone"), ("shared", "bag"), what="person: ")
paid = differences(relation, ("shared", "alone"), what="relation: ")
halfway = by_seed("relation", at=6, alone=alone["relation"], shared=shared)
early = differences(halfway, ("shared", "alone"), what="relation (1200): ")
draw({**helped, **paid, **early})

# %% [markdown] lang="en"
# Read the dots: filled *gains* or *loses*, hollow *cannot tell*. `person` gains; over the better baseline, the bag of words, it gains less than over our own network (in Chinese much less), and this smaller number is the one to report. (The shared model was not tuned at all, the bag was: if anything, the comparison is unfair to sharing.) `relation`, with all its labels, does not gain; it pays. Is that patience? The last row reads the same curves halfway, after 1,200 steps; in Chinese the shared model's still climbed then. Twice the steps have not taken the loss away; whether they changed it, five seeds cannot tell. So it is not for want of steps that `relation` pays. (Lesson 04 takes budget, width and the rest apart.) Both facts need an explanation, and the first is less simple than it looks.
#
# ## 8 · Was it the other task?
#
# Compare what the two `person` models were *fed*. Both took 2,400 steps of 32 sentences. Alone, all 32 carried a `person` label, so that each of the 60 sentences came by 1,280 times. In the shared model 32 sentences were drawn from 2,000, and on average one of them had a `person` label: each came by about forty times.
# So two things changed at once: a second task was teaching the trunk, *and* the first one got another **diet**: how often its labeled sentences come by, and among which others. Which of them was it?
#
# A **control** changes only one. Same model, same batches, but the loss of `relation` is multiplied by zero. It is there and says nothing; the table calls this model *relation muted*.
#
# **Predict.** Accuracy of `person` on validation, 0 to 1, with `relation` muted.

# %% [markdown] lang="zh"
# 看那些点：实心是提高或下降，空心是无法判断。`person` 提高了；和较强的基线，也就是词袋相比，提高得比和我们自己的网络相比少（少得多；英文语料上只少一点），而该报告的正是这个较小的数。（共享模型一点没调，词袋是调过的：要说不公平，也是对共享不公平。）`relation` 标签一个不少，却没有提高，反而付了代价。只是学得慢吗？最后一行读的是同样的曲线，只读到半途，1200 步；那时，中文语料上共享模型的曲线还在升。步数加倍，代价依旧；是否有所增减，五个种子无法判断。可见 `relation` 付代价，并不是因为步数不够。（第 04 课会把步数、宽度和其余的原因分开。）两件事都需要解释，而第一件并不像看上去那么简单。
#
# ## 8 · 真是另一个任务的功劳吗？
#
# 比一比两个 `person` 模型**吃**的是什么。两者都走了 2400 步，每步 32 句。单独训练时，32 句全带 `person` 标签，60 个句子每个都要见 1280 遍。共享模型的 32 句则是从 2000 句里抽的，平均只有一句带 `person` 标签：每个句子只见了四十遍左右。
# 所以同时变了两样东西：多了一个任务在教主干，**而且**原来的任务换了**伙食**（diet）：带标签的句子多久见到一次、和哪些句子一起见到，都和单独训练时不同。究竟是哪一样起了作用？
#
# **对照**（control）只改变其中一样。同样的模型，同样的批次，只是把 `relation` 的损失乘以零。它在场，却一言不发；表里把这个模型叫作 *relation muted*（`relation` 静音）。
#
# **先预测。** `relation` 静音时，`person` 在验证集上的准确率是多少（0 到 1）？

# %%
control = lesson.predict_first(muted=...)
control

# %%
muted = runs("relation muted", "person", "relation")
person["muted"] = by_seed("person", muted=muted)["muted"]
control.compare(muted=float(person["muted"].mean()))

# %%
steps = differences(person, ("muted", "alone"), ("shared", "muted"), ("shared", "alone"))
draw(steps)

# %% [markdown] lang="en"
# The first row is the diet, the second the other task's teaching, and the third is their sum. That each label is seen thirty times less often does not hurt; if anything, it helps (the first dot says whether that can be told), for alone the 60 sentences are soon known by heart. The larger part of the gain, about two thirds, comes when `relation` may speak.
#
# Keep the pattern: *alone → same diet, silent partner → shared*. Without the middle one cannot tell what a partner teaches from what it merely displaces. (In another setting the diet could well be the larger part.)
#
# ## 9 · And what did it teach?
#
# "The two tasks look at the same words", said lesson 01; so the gain would be the words. But the same lesson showed a second thing that `person` and `relation` have in common: their **labels agree**. People talk about their own world, and in 65 % of the sentences the two people named are, on purpose, to each other what the person spoken of is to the speaker. A model that has learned `relation` need not know where to look for `person`: it can *answer the other question*, and be right more than half of the time. The muted control cannot see the difference; either way it was `relation` that taught.
#
# The corpus has a knob for it. With `agreement=0` the two labels are drawn independently, in sentences of the same grammar and the same words. (How often the labels agree is a property of the world, not of the model; in your own data nobody gives you this knob, and you have to look at the cross table of lesson 01.) Two ways to share, in both worlds: the whole trunk, as up to now, and *the words alone*, with two encoders for each task. (In this section and the next everything is compared after 1,200 steps, `at=6` epochs of 200; the longer runs are read there. No curve of `person` climbs any more by then.)
#
# **Predict.** How many points does `person` gain over a model alone, if the labels do not agree on purpose: from the whole trunk, from the words?

# %% [markdown] lang="zh"
# 第一行是伙食，第二行是另一个任务的教导，第三行是两者之和。每个标签见到的次数少到三十分之一，并没有坏处，倒可能有好处（能不能断定，看第一行的点）：单独训练时，60 个句子很快就背熟了。大部分的提高，约三分之二，要等 `relation` 开口才来。
#
# 请记住这个套路：*单独 → 同样的伙食、伙伴静音 → 共享*。少了中间一项，就分不清伙伴教会了什么，又只是挤走了什么。（换一个场合，伙食完全可能占大头。）
#
# ## 9 · 那么它教的是什么？
#
# 第 01 课说，两个任务看的是同样的词；这样说来，好处就在词里。可那一课还给出了 `person` 和 `relation` 的另一个共同点：它们的**标签一致**。人们谈论的多是自己的圈子，语料里有 65% 的句子，提到名字的两个人之间的关系，有意和所谈的人与说话人的关系相同。学会了 `relation` 的模型，不必知道 `person` 该看哪里：它只要**回答另一个问题**，一半以上就对了。静音的对照看不出这个区别；不管哪一种，都是 `relation` 教的。
#
# 语料为此备了一个旋钮。`agreement=0` 时，两个标签各抽各的，句子的语法和用词照旧。（标签一致到什么程度，是世界的性质，不是模型的性质；你自己的数据没有这个旋钮，只能去看第 01 课那种交叉表。）两种共享方式，在两个世界里都试一试：一种是迄今所用的整条主干，另一种**只共享词**，编码器各有两个。（本节和下一节，一律比较 1200 步之后的结果，即 `at=6`，每轮 200 步；更长的训练也读到那里为止。那时 `person` 的曲线都不再上升了。）
#
# **先预测。** 如果标签不再有意一致，和单独训练相比，`person` 提高多少个百分点：共享整条主干呢？只共享词呢？

# %%
what = lesson.predict_first(trunk=..., words=...)
what

# %%
words = runs("words shared", "person", "relation")
together = by_seed("person", at=6, alone=alone["person"], shared=shared, words=words)
apart = by_seed(
    "person",
    alone=runs("alone, agreement 0", "person"),
    shared=runs("shared, agreement 0", "person", "relation"),
    words=runs("words shared, agreement 0", "person", "relation"),
)
points = 100 * (apart.mean() - apart["alone"].mean())
what.compare(trunk=points["shared"], words=points["words"])

# %%
pairs = [("shared", "alone"), ("words", "alone")]
agreeing = {
    **differences(together, *pairs, what="65%: "),
    **differences(apart, *pairs, what="0%: "),
}
draw(agreeing)

# %% [markdown] lang="en"
# This is the picture to remember. Upper half: labels that agree; lower half: labels that do not. Most of what the *whole trunk* brought is gone: it came from answering the other question. What the *words* bring stays: with encoders and a head of its own, `person` can only have used what the words mean.
#
# (Each row has the baseline of its own world, and in the lower one the model alone is worse, too: the table below has the accuracies. Where labels agree, a sentence gives the answer twice, and that helps everybody.)

# %% [markdown] lang="zh"
# 这张图请记住。上半是标签一致的世界，下半是不一致的世界。共享**整条主干**的好处，大半没有了：它来自“回答另一个问题”。只共享**词**的好处还在：头和编码器都是自己的，`person` 能用上的只有词的含义。
#
# （每一行都和自己那个世界的基线比。在下半的世界里，单独训练的模型也更差，准确率见下表。标签一致时，一句话等于把答案说了两遍，这对谁都有好处。）

# %%
pd.DataFrame({"65%": together.mean(), "0%": apart.mean()}).rename(NAMES).round(3)

# %% [markdown] lang="en"
# So the answer to *what helped?* has two parts. The knowledge which word means family, work or neighbors: real, and yours to keep, whenever two tasks use the same words. And a coincidence of labels, which holds as long as the world is so. Neither is cheating. But a paper that shows the first row alone and speaks of shared *representations* has told half of it.
#
# ## 10 · Who pays, and how loudly was it said?
#
# Why is `relation` lower? Its 2,000 labels are all there. But each loss is the mean over the labels *present* (the $1/|B_t|$ of section 4). With one `person` label in a batch of 32, this one label has as much say in the shared trunk as all 32 labels of `relation`. The 60 labels are few, and each is some thirty times as loud.
#
# A remedy suggests itself: turn `person` down. `model.compile(weigh={"person": 0.1})` sets $w$ to 0.1; the table calls it *person quiet*.

# %% [markdown] lang="zh"
# 所以，“是什么起了作用”，答案有两半。一半是知识：哪个词指家人，哪个指同事、邻居。这是真的，只要两个任务用到同样的词，就能留住。另一半是标签的巧合，世界如此，它才成立。两半都不算作弊；但如果一篇论文只给出第一行，就谈起共享的**表示**来，那只说了一半。
#
# ## 10 · 谁付账？谁的嗓门大？
#
# `relation` 为什么会变差？它的 2000 个标签一个不少。但每个损失都是在**存在的**标签上求的平均（第 4 节里的 $1/|B_t|$）。一个批次 32 句，只有一句带 `person` 标签时，这一个标签对共享主干的发言权，就和 `relation` 的 32 个标签加起来一样大。60 个标签虽少，每一个的嗓门却大了三十来倍。
#
# 补救办法不难想到：把 `person` 的音量调低。`model.compile(weigh={"person": 0.1})` 把 $w$ 设为 0.1；表里把它叫作 *person quiet*（`person` 小声）。

# %%
quiet = runs("person quiet", "person", "relation")
volume = {}
for task in plan.tasks:
    scores = by_seed(task, at=6, alone=alone[task], shared=shared, quiet=quiet)
    volume |= differences(scores, ("quiet", "alone"), ("quiet", "shared"), what=f"{task}: ")
draw(volume)

# %% [markdown] lang="en"
# Turned down to a tenth, `person` keeps most of its gain over the model alone, and `relation` gets back what it had paid, or most of it. One number in front of a loss did that, and no layer was touched. (Nor was it time: the quiet model is ahead in `relation` after 1,200 steps of where the shared one stands after 2,400.) Lesson 07 is about such numbers, and about methods that claim to find them.
#
# When sharing makes a task *worse* than it is alone, one speaks of **negative transfer**. Does an unrelated partner do that to `person`? `sentiment` looks at other words, in another place. We know how to find out whether it is the task or its diet: it had the very batches that the muted model had.

# %% [markdown] lang="zh"
# 音量调到十分之一，`person` 和单独训练相比，提高的大半还在，`relation` 付出的则拿了回来，至少是大半。做到这一点的只是损失前面的一个数，网络的层一个也没动。（也不是靠步数：`person` 小声的模型走 1200 步，`relation` 已超过共享模型走 2400 步的成绩。）第 07 课专讲这样的数，以及那些声称能找到它们的方法。
#
# 共享使一个任务比单独学习时**更差**，叫作**负迁移**（negative transfer）。不相关的伙伴会这样对待 `person` 吗？`sentiment` 看的是别的词，在别的位置。是任务本身的缘故，还是伙食？我们已经知道怎么查：它吃的批次和静音模型一模一样。

# %%
unrelated = runs("shared", "person", "sentiment")
beside = by_seed("person", at=6, alone=alone["person"], muted=muted, sentiment=unrelated)
harm = differences(beside, ("sentiment", "alone"), ("sentiment", "muted"))
draw(harm)

# %% [markdown] lang="en"
# The second row is the cleaner comparison. The same trunk, the same 60 labels, the same sentences in the same order; all that differs from the muted model is that `sentiment` speaks, and it costs. This is no matter of feeding: the trunk learns what `sentiment` needs, and the few `person` labels have to make do with what is left. The first row is what *negative transfer* means; say of it what its interval says, and no more.
#
# Could we have known beforehand? Lesson 01's overlap of words pointed the right way for these two partners. But it knows nothing of the number of labels, nothing of how labels agree, and nothing of a loss's volume, which decided who pays.
# Whether sharing helps is not a property of two tasks. It depends on tasks, labels, weights, and, as we shall see at once, on *which layers* are shared. One has to measure.
#
# ## 11 · One after the other
#
# Instead of training together, one can pass on what was learned. Train `relation` alone; then start `person` from its layers. `embedding_matrix=` starts the words from given vectors, `initialize_from=` any level from another trained model; everything else starts at random, and everything is trained on.
#
# **Predict.** Validation accuracy of `person` after 200 steps, if it starts from random values, from `relation`'s words, from `relation`'s whole trunk.

# %% [markdown] lang="zh"
# 第二行是更干净的比较。同样的主干，同样的 60 个标签，同样的句子，同样的顺序；和静音模型唯一的不同是 `sentiment` 开了口，而这要付代价。这不是伙食的问题：主干学的是 `sentiment` 需要的东西，少得可怜的 `person` 标签只好将就着用剩下的。第一行才是“负迁移”的本义；区间说到哪里，就只能说到哪里。
#
# 事先能知道吗？对这两个伙伴，第 01 课的“词汇重合”指的方向是对的。可它不知道标签有多少，不知道标签是否一致，也不知道损失的音量，而谁付账正取决于音量。
# 共享有没有用，不是两个任务天生的属性。它取决于任务、标签、权重，还取决于共享的是**哪几个层级**——这一点马上就会看到。只能靠实测。
#
# ## 11 · 一个学完，再教另一个
#
# 不一起训练，也可以把学到的东西传下去：先单独训练 `relation`，再让 `person` 从它的网络层出发。`embedding_matrix=` 让嵌入层从给定的词向量开始，`initialize_from=` 让任何一个层级从另一个训练好的模型开始；其余部分随机初始化，然后全部继续训练。
#
# **先预测。** `person` 训练 200 步之后，在验证集上的准确率：从随机值出发，从 `relation` 的词向量出发，从 `relation` 的整条主干出发。

# %%
start = lesson.predict_first(random=..., words=..., trunk=...)
start

# %%
rich = data.only(["relation"])
teacher = build_model(rich, SharingPlan.hard(["relation"]), **SIZE)
train(teacher, rich, epochs=3, **FIT).final("valid").round(3)

# %%
vectors = teacher.shared_layer("embedding", "relation").get_weights()[0]  # [tokens, 32]
trunk = dict.fromkeys(["embedding", "encoder_1", "encoder_2"], teacher)


def person_from(seed, **start):
    """Validation accuracy after 200 steps on the 60 labels that this seed keeps.
    | 用这个种子留下的 60 个标签训练 200 步之后的验证准确率。"""
    poor = corpus.only(["person"]).with_labels({"person": 60}, seed)
    model = build_model(poor, SharingPlan.hard(["person"]), **SIZE, seed=seed, **start)
    return float(train(model, poor, epochs=1, seed=seed, **FIT).final("valid")["person"])


# %%
starts = pd.DataFrame({
    # from the table: epoch 1 | 取自已有结果表：第 1 轮
    "random": [run.curve("person")[1] for run in alone["person"][:3]],
    "vectors": [person_from(seed, embedding_matrix=vectors) for seed in range(3)],
    "trunk": [person_from(seed, initialize_from=trunk) for seed in range(3)],
})
mean = starts.mean()
start.compare(random=mean["random"], words=mean["vectors"], trunk=mean["trunk"])

# %%
handed = differences(starts, ("vectors", "random"), ("trunk", "random"), ("vectors", "trunk"))
draw(handed)

# %% [markdown] lang="en"
# With good words to start from, 60 labels go a long way in two hundred steps (after the teacher's six hundred). Look at the last row, with its three seeds: that the words alone serve better than the whole trunk of which they are a part, the means say in this notebook; whether the interval agrees, you can see.
# It fits what section 9 found: what these two tasks have in common for good sits in the words. Above them each has to look at another place of the sentence.
#
# Hard sharing gave `person` the words, but made it take the encoders as well. Who says that one has to share every level?
#
# ## 12 · The test part, once
#
# All of this was read off validation, where we have chosen what to look at. Now the claims that we would print, on the test part, which every run answered once, after its last step.

# %% [markdown] lang="zh"
# 有了好的词向量作起点，60 个标签在两百步里就能走很远（老师自己的六百步另算）。请看最后一行，它只有三个种子：单用词向量，平均说来比用上整条主干（词向量本是其中一部分）还要好；区间答不答应，图上看得见。
# 这和第 9 节的发现相合：两个任务真正共有的东西在词里。再往上，它们要看的是句子的不同位置。
#
# 硬共享把词给了 `person`，却也硬塞给它两层编码器。谁规定每个层级都非共享不可呢？
#
# ## 12 · 测试集，只看一次
#
# 以上全部取自验证集，要看什么也是在那里挑的。现在把我们愿意写进报告的结论放到测试集上；每次训练只在最后一步之后回答过它一次。

# %%
tested = by_seed("person", "test", alone=alone["person"], muted=muted, shared=shared, words=words)
labels = corpus["test"].targets["person"]
tested["bag"] = [(bag_of_words(best, seed)["test"] == labels).mean() for seed in range(5)]
tested_apart = by_seed(
    "person", "test",
    alone=runs("alone, agreement 0", "person"),
    shared=runs("shared, agreement 0", "person", "relation"),
    words=runs("words shared, agreement 0", "person", "relation"),
)
tested_relation = by_seed("relation", "test", alone=alone["relation"], shared=shared)

# %%
claims = {
    **differences(tested, ("shared", "bag"), ("shared", "muted"), ("words", "bag"), what="person: "),
    **differences(tested_apart, *pairs, what="person, 0%: "),
    **differences(tested_relation, ("shared", "alone"), what="relation: "),
}
draw(claims)

# %% [markdown] lang="en"
# The picture of validation comes back on sentences that nobody had looked at: that is what a test part is for. Not every claim comes back as sure: that the partner *taught* `person` something cannot be told from the English test part, whose interval, judged together with the other claims, is too wide.
#
# ## In five lines
#
# 1. Sharing a layer means computing once and using twice; in training the layer gets the sum of the tasks' gradients.
# 2. A missing label must neither teach nor dilute; a mean over the labels present makes a rare label loud.
# 3. Who shares what is a plan, plain data; groups of one everywhere share nothing.
# 4. A gain is told over the best baseline there is, over seeds, with an interval; a silent partner tells whether the other task taught it.
# 5. *What* it taught takes a control of its own: the words are knowledge that stays; what the whole trunk brought was mostly labels that agree. One has to measure.

# %% [markdown] lang="zh"
# 验证集上的图景，在谁也没看过的句子上又出现了一次：测试集就是干这个用的。只是并非每条都同样确定：伙伴有没有**教会** `person` 什么，在英文测试集上无法判断；和其他几条一起判断时，它的区间太宽了。
#
# ## 五句话小结
#
# 1. 共享一层，就是算一次、用两次；训练时，这一层得到的是各任务梯度之和。
# 2. 缺失的标签既不能教错东西，也不能冲淡损失；而在存在的标签上求平均，会让稀少的标签嗓门变大。
# 3. 谁和谁共享哪一层是一份方案，是普通的数据；处处一个任务一组，就是什么都不共享。
# 4. 说有提高，要和最好的基线比，看多个种子，给出区间；伙伴静音的对照，才说得清是不是另一个任务教的。
# 5. 教的是**什么**，又要另一个对照：词是留得住的知识；整条主干带来的，大半是彼此一致的标签。只能靠实测。

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
# | joint loss | the weighted sum of the tasks' losses; what training makes small |
# | logit | the score of a label before softmax |
# | agreement | here: the share of sentences in which the labels of `person` and `relation` are the same on purpose |
# | diet | how often a task's labeled sentences come by, and among which others |
# | negative transfer | sharing makes a task worse than it is alone |
# | loss weight | a number in front of a task's loss: its volume |
#
# ## Further reading
#
# - R. Caruana: *Multitask Learning*. Machine Learning 28 (1997), 41–75. Asks, as we did, whether it is really the other tasks that help, and tests other explanations.
# - R. Collobert, J. Weston: *A Unified Architecture for Natural Language Processing: Deep Neural Networks with Multitask Learning*. ICML 2008. Six tasks that share the table of word vectors; other layers may be each task's own. Compare it with what you found, and with lesson 04.
# - S. Ruder: *An Overview of Multi-Task Learning in Deep Neural Networks*. arXiv:1706.05098 (2017).
# - J. Bingel, A. Søgaard: *Identifying beneficial task relations for multi-task learning in deep neural networks*. EACL 2017. 90 ordered pairs of tasks: sharing helped in fewer than half.
#
# - W. S. Gosset ("Student"): *The Probable Error of a Mean*. Biometrika 6 (1908), 1–25. Where the interval comes from.
#
# Next: **lesson 04**, which layers should be shared?

# %% [markdown] lang="zh"
# ## 新术语
#
# | 术语 | 含义 |
# |---|---|
# | 主干、头（trunk, head） | 各任务共享的若干层；在它之上、只为一个任务作答的层 |
# | 层级（level） | 主干的一级，从词往上数：`embedding`、`encoder_1`、`encoder_2` |
# | 编码器（encoder） | 嵌入层之上的部分，把每个词和别的词放在一起看；这里是一层卷积 |
# | 硬参数共享（hard parameter sharing） | 几个任务使用完全相同的层 |
# | 共享方案（sharing plan） | 逐个层级写明哪些任务共用一份 |
# | `IndexedSlices` | TensorFlow 中嵌入层的稀疏梯度：词元每出现一次就有一片 |
# | 对照（control） | 和被考察的训练只差一样的训练 |
# | 联合损失（joint loss） | 各任务损失的加权和，训练就是让它变小 |
# | 对数几率（logit） | softmax 之前，一个标签的得分 |
# | 一致程度（agreement） | 这里指 `person` 和 `relation` 的标签有意相同的句子占多大比例 |
# | 伙食（diet） | 一个任务的带标签句子多久见到一次，和哪些句子同批见到 |
# | 负迁移（negative transfer） | 共享使一个任务比单独学习时更差 |
# | 损失权重（loss weight） | 任务损失前面的系数，相当于音量 |
#
# ## 延伸阅读
#
# - R. Caruana: *Multitask Learning*. Machine Learning 28 (1997), 41–75. 文中也问了和我们一样的问题：真的是别的任务帮的忙吗？并逐一检验其他解释。
# - R. Collobert, J. Weston: *A Unified Architecture for Natural Language Processing: Deep Neural Networks with Multitask Learning*. ICML 2008. 六个任务共用一张词向量表，其他层可以各用各的。和你的发现比一比，第 04 课还会谈到。
# - S. Ruder: *An Overview of Multi-Task Learning in Deep Neural Networks*. arXiv:1706.05098 (2017).
# - J. Bingel, A. Søgaard: *Identifying beneficial task relations for multi-task learning in deep neural networks*. EACL 2017. 90 对有序的任务组合，共享有益的不到一半。
# - 邱锡鹏：《神经网络与深度学习》，机械工业出版社（2020）。第 10 章“模型独立的学习方式”里有一节讲多任务学习。
#
# - W. S. Gosset（笔名 Student）: *The Probable Error of a Mean*. Biometrika 6 (1908), 1–25. 置信区间的来历。
#
# 下一课：**第 04 课**，该共享哪些层？
