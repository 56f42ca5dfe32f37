# %% [markdown] lang="en"
# # Lesson 05 · Encoders
#
# **MLP, CNN, BiLSTM, Transformer: what is there to share?**
#
# After this lesson you can
#
# 1. compute a convolution and an attention head by hand, and say how far each of four encoders sees;
# 2. compare encoders at equal parameters, at equal steps and at equal time, and say which of the three a claim is about;
# 3. look at what a shared layer attends to, and say what such a picture can tell and what it cannot.
#
# *Reading: 40 minutes. Exercises: 30 minutes. All cells together run in under 60 seconds and need less than 1.2 GB of memory.
# It builds on lesson 02 (the convolution of the classic script) and lesson 03 (shared layers, what may be claimed).*

# %% [markdown] lang="zh"
# # 第 05 课 · 编码器
#
# **MLP、CNN、BiLSTM、Transformer：有什么可以共享？**
#
# 学完本课，你能够
#
# 1. 亲手算出一次卷积和一个注意力头，说出四种编码器各能看多远；
# 2. 分别在同样的参数个数、同样的步数、同样的时间下比较编码器，并说清一个结论指的是哪一种；
# 3. 看一看共享层注意到了什么，说清这样的图能说明什么、不能说明什么。
#
# *阅读约 40 分钟，练习约 30 分钟。全部单元格运行不到 60 秒，内存不到 1.2 GB。
# 需要先学第 02 课（经典程序里的卷积）和第 03 课（共享层，什么能下结论）。*

# %% tags=["language"]
LANGUAGE = "en"

# %%
import time
import timeit

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from mtl_tutorial import SharingPlan, build_model, evaluate, exercises, people, plots, train
from mtl_tutorial.comparing import holm, paired_difference
from mtl_tutorial.encoders import ENCODERS
from mtl_tutorial.layers import LAYERS
from mtl_tutorial.lessons import finished, lesson_05
from mtl_tutorial.lessons.lesson_05 import GRID, RATES, SEEDS, TASKS, UNITS, size, units_of
from mtl_tutorial.pipeline import batches
from mtl_tutorial.runs import still_climbing
from mtl_tutorial.startup import keras

lesson = exercises.lesson("05", LANGUAGE)
plt.rcParams["font.family"] = plots.fonts.families()  # Chinese too | 中文也能显示

# %% [markdown] lang="en"
# ## 1 · A convolution by hand
#
# Tasks share levels, and a level is an **encoder**: it takes the features of every token, [tokens, features], and gives out others, [tokens, units]. What two tasks can have in common there depends on what the encoder is able to compute. So far it was a CNN all along. Let us see what that does.
#
# Take characters for tokens, and one feature for each letter of the alphabet: 1 where the letter stands, 0 elsewhere.

# %% [markdown] lang="zh"
# ## 1 · 亲手算一次卷积
#
# 任务共享的是层级，而一个层级就是一个**编码器**（encoder）：它拿到每个词元的特征，[词元, 特征]，给出另一些特征，[词元, 单元]。两个任务在这里能有什么共同的东西，要看编码器算得出什么。到现在为止，用的一直是 CNN。先看看它做了什么。
#
# 把一个字当作一个词元，每个不同的字对应一个特征：是这个字，特征就是 1，否则是 0。

# %%
text = "my aunt met her aunt | 我的姨妈见到她的姨妈"
letters = sorted(set(text))
x = np.array([[float(c == letter) for letter in letters] for c in text])  # [tokens, features] | [词元, 特征]
x.shape

# %% [markdown] lang="en"
# A **convolution** of width 3 lays a small table, the *kernel* [3, features], on three neighbors, multiplies and adds up, then moves on by one. Set the kernel by hand: three letters.

# %% [markdown] lang="zh"
# 宽度为 3 的**卷积**，就是把一张小表，即**核**（kernel）[3, 特征]，放在相邻的三个词元上，相乘再相加，然后往后移一格。核由我们自己来定：三个字。

# %%
pattern = "unt | 的姨妈"
kernel = np.array([[float(c == letter) for letter in letters] for c in pattern])
kernel.shape, (x[:3] * kernel).sum()  # the first three neighbors | 最前面的三个

# %% [markdown] lang="en"
# **Predict.** How often in the sentence does the sum reach 3, and where?

# %% [markdown] lang="zh"
# **先预测。** 整句里，这个和有几处等于 3？在哪里？

# %%
hits = lesson.predict_first(count=...)
hits

# %%
sums = [(x[i - 1 : i + 2] * kernel).sum() for i in range(1, len(x) - 1)]
hits.compare(count=sum(s == 3 for s in sums))

# %%
_, axes = plt.subplots(figsize=(7, 2), layout="constrained")
axes.bar(range(1, len(x) - 1), sums, color=plots.task_color("person"))
axes.set_xticks(range(len(text)), text)
axes.set_ylabel("sum | 和")
plt.show()

# %% [markdown] lang="en"
# One kernel, one unit: a detector of three characters, wherever they stand. That is what a CNN has to share: **detectors of n-grams**. `person` asks what the first of the two is to me, `relation` what the second is to the other one. The same detector serves both, and neither could tell from it alone which of the two it has found.
#
# A layer has many kernels, one a unit, and nobody sets them by hand: gradient descent does. A bias and a ReLU follow. With $w$ for the width,
#
# $$h_{tu} = \mathrm{ReLU}\Big(b_u + \sum_{k=0}^{w-1} \sum_f K_{kfu}\; x_{t+k-\lfloor w/2 \rfloor,\, f}\Big)$$
#
# ### Exercise 1 · `convolve`
#
# Write `convolve(x, kernel)`: `x` is [tokens, features], `kernel` is [width, features, units] with an odd width; the result is [tokens, units]. Beyond the ends of the sentence stand zeros. Leave out bias and ReLU.

# %% [markdown] lang="zh"
# 一个核就是一个单元：它专门找三个字，不管它们出现在哪里。CNN 能拿出来共享的就是这个：**n 元组（n-gram）的探测器**。`person` 问前一个姨妈是我的什么人，`relation` 问后一个是前一个的什么人。同一个探测器两边都用得上；可是单凭它，谁也分不清找到的是哪一个。
#
# 一层有许多核，一个单元一个，而且没有人去手工设定，由梯度下降来定。后面还有偏置和 ReLU。记宽度为 $w$，则
#
# $$h_{tu} = \mathrm{ReLU}\Big(b_u + \sum_{k=0}^{w-1} \sum_f K_{kfu}\; x_{t+k-\lfloor w/2 \rfloor,\, f}\Big)$$
#
# ### 练习 1 · `convolve`
#
# 请写出 `convolve(x, kernel)`：`x` 的形状是 [词元, 特征]，`kernel` 是 [宽度, 特征, 单元]，宽度为奇数；结果是 [词元, 单元]。句子两端以外都是零。偏置和 ReLU 不写。


# %% tags=["exercise"] exercise="convolve"
def convolve(x, kernel):
    return ...


# %%
lesson["convolve"].check(convolve)
# lesson["convolve"].hint()
# lesson["convolve"].solution()

# %% [markdown] lang="en"
# ## 2 · How far does it see?
#
# One convolution of width 3 sees a token and its two neighbors. Put a second one on top, as our trunks do, and it reads features that have seen neighbors themselves.
#
# ### Exercise 2 · `reach`
#
# Write `reach(width, levels)`: how many tokens, itself included, can change what one token has on top of so many convolutions of this (odd) width?

# %% [markdown] lang="zh"
# ## 2 · 能看多远？
#
# 宽度为 3 的一次卷积，看得到一个词元和它的左右邻居。上面再放一层（我们的主干就是这样），它读到的特征，本身已经看过邻居了。
#
# ### 练习 2 · `reach`
#
# 请写出 `reach(width, levels)`：叠上这么多层宽度（奇数）相同的卷积，最上面一个词元的特征，最多会受几个词元（连它自己）的影响？


# %% tags=["exercise"] exercise="reach"
def reach(width, levels):
    return ...


# %%
lesson["reach"].check(reach)
# lesson["reach"].hint()
# lesson["reach"].solution()

# %% [markdown] lang="en"
# Counting can be checked by experiment: change one token below, and see which ones change on top. The package has four encoders. The **MLP** maps every token by itself. The CNN you know. The **BiLSTM** reads the sentence word by word, once from either end, and hands a memory on. The **Transformer** lets every token look at every other; section 3 takes it apart.
#
# **Predict.** Two levels each, a sentence of 21 tokens, the token in the middle: how many of the 21 can change it?

# %% [markdown] lang="zh"
# 数得对不对，可以用实验来查：改动下面的一个词元，看上面有哪些跟着变。包里有四种编码器。**MLP** 只看词元自己。CNN 前面已经认识了。**BiLSTM** 从两端各读一遍句子，一个词元一个词元地读，把记忆传下去。**Transformer** 让每个词元都能看到其他每一个；第 3 节再把它拆开。
#
# **先预测。** 各叠两层，一句 21 个词元，看正中间的那个：21 个词元里，有几个能改变它？

# %%
seen = lesson.predict_first(mlp=..., cnn=..., bilstm=..., transformer=...)
seen

# %%
TOKENS = 21
random = np.random.default_rng(0)
sentence = random.normal(size=(1, TOKENS, UNITS)).astype("float32")
push = 0.1 * random.normal(size=UNITS)
keras.utils.set_random_seed(5)
stacks = {name: keras.Sequential([LAYERS[name](UNITS), LAYERS[name](UNITS)]) for name in ENCODERS}


def influence(stack):
    """How much a token on top (row) moves if one below (column) is changed. | 改动下面的一个词元（列），上面的词元（行）动多少。"""
    changed = np.repeat(sentence, TOKENS, axis=0)
    changed[range(TOKENS), range(TOKENS)] += push
    moved = np.linalg.norm(stack(changed) - stack(sentence), axis=-1).T
    return moved / moved.max(axis=1, keepdims=True)


# %%
maps = {name: influence(stack) for name, stack in stacks.items()}
middle = {name: int((shares[TOKENS // 2] > 1e-5).sum()) for name, shares in maps.items()}
seen.compare(**middle)

# %%
_, charts = plt.subplots(1, 4, figsize=(11, 3), layout="constrained", sharey=True)
for axes, (name, shares) in zip(charts, maps.items(), strict=True):
    axes.imshow(np.sqrt(shares), cmap="Blues", vmin=0, vmax=1)
    axes.set(title=ENCODERS[name].title, xlabel="token changed | 被改动的词元")
charts[0].set_ylabel("token that moves | 跟着变的词元")
plt.show()

# %% [markdown] lang="en"
# Four pictures to remember: a line, a band, a fading band, a carpet. (The color is the square root of the share, so that small ones show. Nothing is trained here: it is what each *can* see, before it knows what to look for.)
#
# How far an encoder sees is called its **receptive field**. A band of five tokens is not much. Where `role` has to know who is spoken of, and who only passes the story on, the word that decides may stand ten tokens away.
#
# One thing the pictures do not show is *order*. Exchange two tokens of a sentence: an encoder that only looks at each token by itself has the same rows, in another order, and max pooling forgets the order. So:

# %% [markdown] lang="zh"
# 四幅图值得记住：一条线，一条带，一条渐渐淡去的带，一整块地毯。（颜色是比例的平方根，小的也看得见。这里什么都没有训练：画的是各自**能**看到什么，还不知道该找什么。）
#
# 编码器看得到的范围，叫作它的**感受野**（receptive field）。五个词元宽的一条带并不算宽。`role` 要知道说的是谁、谁只是传话，起决定作用的词可能在十个词元以外。
#
# 有一件事图上看不出来，就是**次序**。把一句里的两个词元对调：如果编码器只看词元自己，得到的还是那些行，只是换了次序，而最大池化会忘掉次序。那么：

# %%
swapped = sentence.copy()
swapped[0, [5, 15]] = sentence[0, [15, 5]]


def moved_by_swap(stack):
    """Relative change of the pooled sentence when two far tokens change places. | 两个相距较远的词元对调，池化后的句子变化多少（相对值）。"""
    before, after = (np.asarray(stack(s)).max(axis=1) for s in (sentence, swapped))
    return float(np.linalg.norm(after - before) / np.linalg.norm(before))


order = {name: moved_by_swap(stack) for name, stack in stacks.items()}
pd.Series(order).round(3)

# %% [markdown] lang="en"
# The MLP does not notice: a bag of words, with better words. The others do, the CNN because it sees new neighbors. So this is what there is to share:
#
# | encoder | a shared level can hold | and cannot |
# |---|---|---|
# | MLP | a better vector for each word | anything about two words |
# | CNN | detectors of n-grams | what is further apart than its reach |
# | BiLSTM | what came before and what comes after, in order | what is long ago, unless it has learned to keep it |
# | Transformer | who belongs to whom, at any distance | order, unless positions are added |
#
# ## 3 · An attention head by hand
#
# In a Transformer every token puts a question and offers an answer. From its features three vectors are made by three matrices: a **query** $q_t$ (what I look for), a **key** $k_t$ (what I can be found by), a **value** $v_t$ (what I hand over). The products of one query with all keys, through a softmax, are weights; the token goes on with the weighted mean of the values (**attention**, Vaswani et al. 2017):
#
# $$h_t = \sum_s a_{ts}\, v_s, \qquad a_{ts} = \mathrm{softmax}_s\Big(\frac{q_t \cdot k_s}{\sqrt d}\Big)$$
#
# $d$ is the number of features of a query. Three tokens, two features, all set by hand. The third token asks for the first feature:

# %% [markdown] lang="zh"
# MLP 毫无察觉：它还是词袋，只是每个词的向量更好了。另外三个都察觉了；CNN 是因为邻居换了。所以，可以共享的东西是：
#
# | 编码器 | 共享的层级装得下 | 装不下 |
# |---|---|---|
# | MLP | 每个词更好的向量 | 任何关于两个词的东西 |
# | CNN | n 元组的探测器 | 超出感受野的联系 |
# | BiLSTM | 按次序，前面有什么、后面有什么 | 离得太远的内容，除非学会了记住它 |
# | Transformer | 谁和谁有关，隔多远都行 | 次序，除非加上位置 |
#
# ## 3 · 亲手算一个注意力头
#
# 在 Transformer 里，每个词元都提一个问题，也给一个回答。由它的特征，经过三个矩阵得到三个向量：**查询**（query）$q_t$，我在找什么；**键**（key）$k_t$，凭什么找到我；**值**（value）$v_t$，我交出什么。一个查询和所有键的乘积，经过 softmax 成为权重；词元由此得到各个值的加权平均。这就是**注意力**（attention，Vaswani 等 2017）：
#
# $$h_t = \sum_s a_{ts}\, v_s, \qquad a_{ts} = \mathrm{softmax}_s\Big(\frac{q_t \cdot k_s}{\sqrt d}\Big)$$
#
# $d$ 是查询的特征数。三个词元、两个特征，全由我们来定。第三个词元要找第一个特征：

# %%
queries = np.array([[0.0, 0.0], [0.0, 0.0], [4.0, 0.0]])
keys = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
values = np.array([[10.0], [20.0], [30.0]])

# %% [markdown] lang="en"
# **Predict.** What does the first token go on with, whose query is zero? And the third: nearer to 10, to 20 or to 30?

# %% [markdown] lang="zh"
# **先预测。** 第一个词元的查询是零，它得到的值是多少？第三个呢：靠近 10、20，还是 30？

# %%
mean = lesson.predict_first(first=..., third=...)
mean

# %%
scores = queries @ keys.T / np.sqrt(2)
weights = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
first, _, third = (weights @ values)[:, 0]
mean.compare(first=first, third=third)

# %% [markdown] lang="en"
# A query of zero looks at all alike and gets their mean. We shall need that in section 7.
#
# ### Exercise 3 · `attend`
#
# Write `attend(queries, keys, values, mask)` for one sentence with padding: `queries` and `keys` are [tokens, features], `values` is [tokens, units], `mask` is True at real tokens and False at padding. No token may attend to padding. (What stands in the rows of padding itself does not matter.)

# %% [markdown] lang="zh"
# 查询为零，就对谁都一视同仁，得到的是平均。这一点第 7 节用得着。
#
# ### 练习 3 · `attend`
#
# 请为一个带补齐的句子写出 `attend(queries, keys, values, mask)`：`queries` 和 `keys` 的形状是 [词元, 特征]，`values` 是 [词元, 单元]，`mask` 在真实词元处为 True，在补齐处为 False。任何词元都不许注意到补齐。（补齐自己那几行是什么，无所谓。）


# %% tags=["exercise"] exercise="attend"
def attend(queries, keys, values, mask):
    return ...


# %%
lesson["attend"].check(attend)
# lesson["attend"].hint()
# lesson["attend"].solution()

# %% [markdown] lang="en"
# ## 4 · What does each cost?
#
# One plan for all from here on: four tasks share the words and two levels (hard sharing). `person` has 60 labeled sentences, `sentiment`, `relation` and `role` have 2,000 each. (`role` marks who is who: the person spoken of, two people named together, somebody else, the thing.) Only the encoder changes.
#
# "With 32 units" is not one size. Per level, with 32 features coming in:

# %% [markdown] lang="zh"
# ## 4 · 各要花多少？
#
# 从这里起只有一个方案：四个任务共享嵌入层和两个编码器层级（硬共享）。`person` 有 60 个带标签的句子，`sentiment`、`relation`、`role` 各 2000 个。（`role` 标出谁是谁：所谈的人、一起提到的两个人、别的人、东西。）变的只是编码器。
#
# 同样是“32 个单元”，大小并不一样。输入特征为 32 时，一个层级的参数个数是：

# %%
{name: encoder.parameters(UNITS, UNITS, False) for name, encoder in ENCODERS.items()}

# %% [markdown] lang="en"
# So at equal units a Transformer is eight times as large as an MLP. At equal *parameters* (two levels and the heads, without the words, as near as an even number of units can come to the CNN with 32):

# %% [markdown] lang="zh"
# 所以单元数相同，Transformer 是 MLP 的八倍大。改成**参数个数**相同（两个层级加上各个头，不算嵌入层；单元数取偶数，尽量接近 32 个单元的 CNN）：

# %%
sizes = {name: [units_of(name), size(name, units_of(name)), size(name, UNITS)] for name in ENCODERS}
pd.DataFrame(
    sizes, index=["units | 单元数", "parameters | 参数", "with 32 units | 32 个单元时的参数"]
).T

# %% [markdown] lang="en"
# Parameters are not time. The BiLSTM has to wait for each token before it can begin the next.
#
# **Predict.** How many times as long as a step of the CNN does a step take, at equal parameters?

# %% [markdown] lang="zh"
# 参数不等于时间。BiLSTM 要等一个词元算完，才能开始下一个。
#
# **先预测。** 参数个数相同时，各自的一步要花 CNN 一步的几倍时间？

# %%
slower = lesson.predict_first(mlp=..., bilstm=..., transformer=...)
slower


# %%
def seconds(encoder):
    """CPU seconds of a step, the quickest of three passes; a first one builds the graph. | 一步的 CPU 秒数，三遍里取最快的；先跑一遍把计算图建好。"""
    wanted = lesson_05.equal_parameters(encoder, seed=0)
    data = wanted.data()
    model = build_model(data, architecture=wanted)
    model.compile()
    steps = batches(data["train"], TASKS, 32, seed=0, steps=40)
    model.fit(steps, shuffle=False, verbose=0)
    passes = timeit.repeat(
        lambda: model.fit(steps, shuffle=False, verbose=0),
        timer=time.process_time,
        repeat=3,
        number=1,
    )
    return min(passes) / 40


step = {encoder: seconds(encoder) for encoder in ENCODERS}
slower.compare(**{name: step[name] / step["cnn"] for name in step if name != "cnn"})

# %% [markdown] lang="en"
# That is measured on your machine, just now, in seconds of its processor. On a graphics card the order may be another: there all tokens of a convolution or an attention are computed at once, and only the LSTM waits.
#
# ## 5 · Three comparisons, three questions
#
# The table of finished runs holds each encoder with five seeds, once at equal parameters and once with 32 units, 600 steps each, on the Chinese corpus in either notebook. Each encoder has the best of three learning rates, tried with one seed at equal parameters and judged by the mean validation score of the four tasks: equally hard for all, and not very hard.

# %% [markdown] lang="zh"
# 这是刚刚在你的机器上量的，单位是处理器的秒。换成显卡，次序也许就变了：卷积和注意力的所有词元可以同时算，只有 LSTM 要等。
#
# ## 5 · 三种比较，三个问题
#
# 已有结果表里，每种编码器各有五个种子：参数个数相同的一组，都是 32 个单元的一组，各 600 步；两种语言的笔记本读的都是中文语料上的结果。每种编码器的学习率，是从三个值里选出的最好的一个：参数个数相同，用一个种子试，按四个任务验证集得分的平均来选。对谁都下了同样的功夫，只是功夫都不算深。

# %%
known = {run.name: run for run in finished.load("05", "zh")}


def runs_of(make, encoder):
    """The five runs of a set, such as `lesson_05.equal_units`. | 一组里的五次训练。"""
    return [known[make(encoder, seed).key] for seed in range(SEEDS)]


tried = {
    name: {rate: 100 * known[lesson_05.tuning(name, rate).key].final("valid").mean() for rate in GRID}
    for name in ENCODERS
}
pd.DataFrame(tried).T.round(1).assign(chosen=RATES)

# %% [markdown] lang="en"
# Three ways to set them side by side, and each holds something else equal:
#
# | comparison | equal | not equal |
# |---|---|---|
# | equal parameters | parameters, steps | units, time |
# | equal steps | units, steps | parameters, time |
# | equal time | parameters, time | units, steps |
#
# For the third we read each curve where the time is up: the time that the fastest needs for its 600 steps.

# %% [markdown] lang="zh"
# 放在一起比有三种办法，让什么保持相同，每种都不一样：
#
# | 比较 | 相同 | 不同 |
# |---|---|---|
# | 同样的参数个数 | 参数、步数 | 单元数、时间 |
# | 同样的步数 | 单元数、步数 | 参数、时间 |
# | 同样的时间 | 参数、时间 | 单元数、步数 |
#
# 第三种是在时间用完的地方去读曲线：最快的那个走完 600 步要多久，就给所有的多久。

# %%
budget = 600 * min(step.values())
steps_in_time = {name: min(600, budget / step[name]) for name in ENCODERS}
pd.Series(steps_in_time).round()


# %%
def score_at(run, task, wanted):
    """Validation score after so many steps, between two measurements by a straight line. | 走了这么多步时的验证得分；两次测量之间按直线取。"""
    curve = run.curve(task, split="valid")
    return float(np.interp(wanted, curve.index * 100, curve))


def scores(make, steps=None):
    """Encoder → task → five scores. | 编码器 → 任务 → 五个得分。"""
    return {
        name: {
            task: [score_at(run, task, 600 if steps is None else steps[name]) for run in runs_of(make, name)]
            for task in TASKS
        }
        for name in ENCODERS
    }


# %%
COMPARISONS = {
    "equal parameters | 同样的参数": scores(lesson_05.equal_parameters),
    "equal steps | 同样的步数": scores(lesson_05.equal_units),
    "equal time | 同样的时间": scores(lesson_05.equal_parameters, steps_in_time),
}
means = {
    how: {name: np.mean(list(found[name].values())) for name in ENCODERS}
    for how, found in COMPARISONS.items()
}

# %% [markdown] lang="en"
# **Predict.** Which encoder has the highest mean over the four tasks: at equal parameters, at equal steps, at equal time?

# %% [markdown] lang="zh"
# **先预测。** 四个任务平均下来，哪种编码器得分最高：参数个数相同时？步数相同时？时间相同时？

# %%
best = lesson.predict_first(parameters=..., steps=..., time=...)
best

# %%
winners = [max(row, key=row.get) for row in means.values()]
best.compare(parameters=winners[0], steps=winners[1], time=winners[2])

# %%
(100 * pd.DataFrame(means)).round(1)

# %% [markdown] lang="en"
# The third column is your machine's. So look at the whole way, mean over tasks and seeds at equal parameters, against time as you have measured it; the dotted line is where the time was up.

# %% [markdown] lang="zh"
# 第三列是在你的机器上的结果。所以再看看整个过程：参数个数相同，对任务和种子取平均，横轴是你量到的时间；点线处时间用完。


# %%
def curve(encoder):
    """Mean over tasks and seeds after 0, 100, … 600 steps, in points. | 0、100……600 步之后，对任务和种子的平均，百分制。"""
    runs = runs_of(lesson_05.equal_parameters, encoder)
    return 100 * np.mean([run.curve(task, split="valid") for run in runs for task in TASKS], axis=0)


curves = {name: curve(name) for name in ENCODERS}
measured = np.arange(0, 601, 100)

# %%
_, axes = plt.subplots(figsize=(7, 3.4), layout="constrained")
LINES = {"mlp": ":", "cnn": "-", "bilstm": "--", "transformer": "-."}
for name, line in LINES.items():
    axes.plot(measured * step[name], curves[name], line, color="#333333", label=ENCODERS[name].title)
axes.axvline(budget, color="#999999", linestyle=":", linewidth=1)
axes.set(xlabel="CPU seconds | CPU 秒", ylabel="mean score | 平均得分")
axes.legend(frameon=False)
plt.show()

# %%
needed = np.interp(curves["cnn"][-1], curves["bilstm"], measured)  # steps to where the CNN ends | 走到 CNN 的终点要几步
600 / needed, step["bilstm"] / step["cnn"]

# %% [markdown] lang="en"
# The first number says how many times as long a step of the BiLSTM may take for it to be where the CNN ends, in the same time; the second is what you have measured. If the second is the smaller one, the BiLSTM is ahead at equal time on your machine, otherwise the CNN. We have measured 1.4 and 2.1 on one and the same machine while it was busy: nobody should publish that ranking without saying where it was timed.

# %% [markdown] lang="zh"
# 前一个数是说：BiLSTM 的一步最多可以是 CNN 一步的几倍，它才能在同样的时间里走到 CNN 的终点；后一个数是你量到的倍数。后者小，那么在你的机器上，同样的时间里 BiLSTM 领先；否则 CNN 领先。在同一台忙碌的机器上，我们量到过 1.4，也量到过 2.1：不说明是在哪里计的时，谁也不该发表这样的排名。

# %% [markdown] lang="en"
# A mean over tasks hides who wins where. So, task by task, each encoder against the CNN: paired differences over five seeds with their 95 % intervals, Holm's correction over the twelve claims of a picture.

# %% [markdown] lang="zh"
# 对任务取平均，看不出谁在哪里领先。所以逐个任务来看，每种编码器都和 CNN 比：五个种子的配对之差，附 95% 置信区间；每幅图十二个结论，一起做 Holm 校正。


# %%
def against_cnn(found):
    """Encoder and task → paired difference to the CNN. | 编码器和任务 → 与 CNN 的配对之差。"""
    others = [name for name in ENCODERS if name != "cnn"]
    return holm({
        f"{name} {task}": paired_difference(found[name][task], found["cnn"][task])
        for task in TASKS
        for name in others
    })


differences = {how: against_cnn(found) for how, found in COMPARISONS.items()}

# %%
MARKS = {"mlp": "o", "bilstm": "s", "transformer": "^"}


def forest(axes, rows):
    """Filled: gains or loses; hollow: cannot tell. | 实心：提高或下降；空心：无法判断。"""
    for place, (key, d) in enumerate(rows.items()):
        name, task = key.split()
        y, color = place + place // 3, plots.task_color(task)  # a gap between tasks | 任务之间空一行
        axes.plot([d.low, d.high], [y, y], color=color, linewidth=2)
        fill = "white" if d.verdict == "cannot tell" else color
        axes.plot(d.mean, y, MARKS[name], color=color, markersize=7, markerfacecolor=fill)
    axes.axvline(0, color="#777777", linestyle="--", linewidth=1)
    axes.set_yticks([1, 5, 9, 13], TASKS)
    axes.invert_yaxis()


# %%
_, charts = plt.subplots(1, 3, figsize=(11, 4.2), layout="constrained", sharey=True, sharex=True)
for axes, (how, rows) in zip(charts, differences.items(), strict=True):
    forest(axes, rows)
    axes.set(title=how, xlabel="points against the CNN | 比 CNN 高多少个百分点")
for name, mark in MARKS.items():
    charts[0].plot([], [], mark, color="#333333", label=ENCODERS[name].title)
charts[0].legend(fontsize=8, frameon=False)
plt.show()

# %%
climbing = {
    name: {task: still_climbing(runs_of(lesson_05.equal_parameters, name), task) for task in TASKS}
    for name in ENCODERS
}
pd.DataFrame(climbing).T  # True: still climbing at the last step | True：到最后一步还在上升

# %% [markdown] lang="en"
# We expected three rankings, and got one and a half. By the mean over tasks the order is the same at equal parameters and at equal steps: BiLSTM, CNN, MLP, Transformer. At equal time it hangs on the clock whether the BiLSTM or the CNN is ahead. And with little time the MLP leads: after 100 steps it is first at equal parameters, while the others are still looking for what to detect. (Is it the learning rate, larger than the CNN's? With the same rate and seed 0 the CNN has 35 there, the MLP 43.)
#
# Task by task there is more to see. `relation` and `role` ask who belongs to whom. There the MLP is 12 and 17.5 points behind the CNN at equal parameters, and the BiLSTM some 15 ahead in both: that is what section 2 made us expect. It is not proof, for the encoders differ in more than reach. `sentiment` hangs on words and n-grams, and at equal parameters neither the MLP nor the BiLSTM can be told from the CNN. An MLP with only 32 units, though, loses 7 points of it (with the learning rate that was chosen for the larger one): the verdict about the same two encoders depends on what was held equal. For `person`, with 60 labels, we cannot tell in either comparison.
#
# The Transformer, which sees everything from the first level, is last. *Can see* is not *has learned to look*: it is 52 points behind the CNN in `role`, where the last table says that it is still climbing. And it is not alone: each encoder climbs somewhere, the CNN itself in three tasks of four, `relation` and `role` among them. Slower is not worse; which of them leads after ten times the steps, this table does not know.
#
# What else could explain these pictures? The learning rate: MLP and BiLSTM took the largest of the three that we tried, so they might do better with a larger one still. Parameters are equal to within 6 %, not exactly. It is one plan, one corpus, one length of training. So the claim is: "at equal parameters, after 600 steps and with this tuning, …".

# %% [markdown] lang="zh"
# 我们原以为会有三种排名，结果是一种半。按任务平均，参数个数相同时和步数相同时，次序是一样的：BiLSTM、CNN、MLP、Transformer。时间相同时，领先的是 BiLSTM 还是 CNN，就要看计时了。时间很少时，领先的是 MLP：参数个数相同，走了 100 步时它排第一，别人还在找该探测什么。（是不是因为学习率比 CNN 的大？学习率相同、种子为 0 时，CNN 这时是 35，MLP 是 43。）
#
# 逐个任务看，还能看出更多。`relation` 和 `role` 问的是谁和谁有关。参数个数相同时，MLP 在这两个任务上落后 CNN 12 和 17.5 个百分点，BiLSTM 则都领先约 15 个百分点：正如第 2 节让人料想的那样。但这不是证明，因为几种编码器的不同，不止在于看得多远。`sentiment` 靠的是词和 n 元组，参数个数相同时，MLP 和 BiLSTM 都分不出比 CNN 好还是差。可是只有 32 个单元的 MLP 在这里丢了 7 个百分点（学习率还是为较大的那个选的）：同样是这两种编码器，让什么保持相同，结论就不一样。至于只有 60 个标签的 `person`，两种比较都无法判断。
#
# Transformer 从第一层起就什么都看得到，却排在最后。**能看到**不等于**学会了看**：在 `role` 上它落后 CNN 52 个百分点，而最后一张表说，它还在上升。还在上升的不只是它：每种编码器都有还在上升的任务，CNN 自己四个任务里就有三个，`relation` 和 `role` 都在其中。慢不等于差；步数再多十倍谁会领先，这张表不知道。
#
# 这些图还能怎样解释？学习率：MLP 和 BiLSTM 选中的都是三个里最大的，再大一些，也许还会更好。参数个数并非完全相等，相差不到 6%。方案只有一个，语料只有一种，训练也只有这么长。所以能下的结论是：“参数个数相同，训练 600 步，这样调参时，……”

# %% [markdown] lang="en"
# ## 6 · What does sharing bring, with each?
#
# `person` has 60 labels; what it gains from the others depends on what the shared levels can hold. The table also holds `person` alone, with each encoder, everything else equal (parameters of the levels, steps, learning rate, labels, seeds).
#
# **Predict.** By how many points does sharing all levels change `person`, with each encoder?

# %% [markdown] lang="zh"
# ## 6 · 换了编码器，共享带来多少？
#
# `person` 只有 60 个标签；它能从别的任务那里得到什么，要看共享的层级装得下什么。表里还有只训练 `person` 的结果，每种编码器都有，其余一切相同（各层的参数个数、步数、学习率、标签、种子）。
#
# **先预测。** 换用每种编码器，共享所有层级各使 `person` 变化多少个百分点？

# %%
gain = lesson.predict_first(mlp=..., cnn=..., bilstm=..., transformer=...)
gain


# %%
def person(make, encoder, split="valid"):
    return [run.final(split)["person"] for run in runs_of(make, encoder)]


gains = holm({
    name: paired_difference(
        person(lesson_05.equal_parameters, name), person(lesson_05.person_alone, name)
    )
    for name in ENCODERS
})
gain.compare(**{name: difference.mean for name, difference in gains.items()})

# %%
plots.differences({ENCODERS[name].title: d for name, d in gains.items()}, language=LANGUAGE)

# %% [markdown] lang="en"
# With MLP, CNN and BiLSTM sharing brings 17 to 22 points, and every interval lies above zero. With the Transformer the mean is 12, and we cannot tell. The largest mean at the last step is the MLP's, which cannot hold anything about two words: what it shares are words. That fits lesson 04, where sharing the embedding brought most of the gain. Whether the gains differ from encoder to encoder, five seeds cannot tell: they differ by less than their intervals are wide. So the encoder decides how well the task is solved; for what sharing brings, we cannot tell that it decides anything.
#
# What else could explain the gain? Two things differ between the sides, not one: the shared levels, and the diet (alone, `person` sees each of its 60 sentences 320 times). One thing is equal and yet not fair: the learning rate was chosen for sharing. Alone, the MLP stands at 32 % after 100 steps and has fallen to 27 % by the end; read at its best, sharing would bring it 5 points less, and its mean would no longer be the largest. And the labels of `person` and `relation` agree more often than chance would have it (lesson 03). The control for the first was *separate* in lesson 04, the knob for the second is `agreement`; neither is in this table.

# %% [markdown] lang="zh"
# 用 MLP、CNN 和 BiLSTM，共享带来 17 到 22 个百分点，区间都在零以上。用 Transformer，平均是 12 个百分点，无法判断。最后一步时平均最高的是 MLP，而它装不下任何关于两个词的东西：它能共享的只有词。这与第 04 课相合，那里共享嵌入层带来了大部分好处。换了编码器，带来的好处是不是不一样，五个种子无法判断：彼此的差别还没有区间宽。所以，任务能做到多好，编码器说了算；至于共享带来多少，看不出它起了什么作用。
#
# 提高还能怎样解释？两边的不同不止一处：一是共享的层级，二是伙食（单独训练时，`person` 的 60 句每句要看 320 遍）。还有一处相同，却不算公平：学习率是为共享选的。单独训练的 MLP，100 步时是 32%，到最后落到了 27%；要是按它最好的时候算，共享的好处就少 5 个百分点，平均也不再最高。而且 `person` 和 `relation` 的标签，一致的次数比碰巧的要多（第 03 课）。前者的对照是第 04 课的“互不共享”，后者的旋钮是 `agreement`；这张表里都没有。

# %% [markdown] lang="en"
# ## 7 · What does a shared layer attend to?
#
# Attention can be read out. Train a small Transformer here and now, `relation` and `role` sharing all levels, and look at one sentence of the validation part.

# %% [markdown] lang="zh"
# ## 7 · 共享层注意到了什么？
#
# 注意力可以读出来。当场训练一个小的 Transformer，`relation` 和 `role` 共享所有层级，再看验证集里的一句话。

# %%
PAIR = ("relation", "role")
data = people.load(LANGUAGE, PAIR).with_labels(dict.fromkeys(PAIR, 2000), seed=0)
HOW = {"epochs": 3, "steps_per_epoch": 100, "learning_rate": 3e-3, "progress": False}
model = build_model(
    data, SharingPlan.hard(PAIR), encoder="transformer", units=UNITS, embedding_dim=UNITS
)
run = train(model, data, **HOW)
(100 * run.final()).round(1)

# %%
part = data["valid"]
short = [i for i, words in enumerate(part.tokens) if len(words) <= 24]
chosen = next(i for i in short if part.targets["relation"][i] > 0)  # two people, and a relation | 有两个人，而且有关系
words, inputs = part.tokens[chosen], part.inputs[[chosen]]
label = data.tasks["relation"].labels[part.targets["relation"][chosen]]
" ".join(words), label

# %%
layers = {level: model.shared_layer(level, "role") for level in ("encoder_1", "encoder_2")}


def attention(level):
    """How much each token attends to each, [heads, from, to], without padding. | 每个词元对每个词元的注意力，[头, 从, 到]，不含补齐。"""
    below = keras.Model(model.input, layers[level].input)(inputs)
    found = layers[level].attention(*below)[0].numpy()  # features and mask | 特征和掩码
    return found[:, : len(words), : len(words)]


_, charts = plt.subplots(2, 2, figsize=(9.5, 9), layout="constrained", sharex=True, sharey=True)
for level, row in zip(layers, charts, strict=True):
    for head, (axes, weights) in enumerate(zip(row, attention(level), strict=True), start=1):
        axes.imshow(weights, cmap="Blues", vmin=0)
        axes.set(title=f"{level}, {head}: 0 – {weights.max():.2f}")
        axes.set_xticks(range(len(words)), words, rotation=90, fontsize=7)
        axes.set_yticks(range(len(words)), words, fontsize=7)
plt.show()

# %% [markdown] lang="en"
# A row is a token that looks, a column one that is looked at; two levels, two heads, and above each map the largest weight in it: that is its darkest blue. Look at it for a minute and write down what you see. Vertical lines are words that everybody looks at. Suppose you may show one of the four in a talk about what this model has learned: which?
#
# One thing the picture says for sure: there is **one** set of maps, not one for each task. In a shared layer both tasks go on with the same features. Whether `relation` uses this line and `role` that one is decided in the heads above, and not drawn here.
#
# It is tempting to go on: "the model knows the relation *because* it looks at this word". Jain & Wallace (2019) found that quite other maps often give the same predictions. Wiegreffe & Pinter (2019) answered that this alone does not make attention meaningless: ask whether a model that *cannot choose* does as well. Here is a quick version of their question. With its matrix of queries at zero a layer looks at all tokens alike (section 3). Nothing else is touched.
#
# **Predict.** By how many points does the score of `role` on validation fall when the lower level looks at all tokens alike? And when the upper one does?

# %% [markdown] lang="zh"
# 每一行是一个在看的词元，每一列是一个被看的词元；两个层级，各两个头；每幅图上方写着其中最大的权重，也就是最深的蓝。看一分钟，把看到的写下来。竖线是大家都看的词。假如要作一个报告，讲这个模型学到了什么，四幅里只许放一幅：你放哪一幅？
#
# 有一件事，图上说得很确定：图只有**一套**，不是每个任务一套。在共享层里，两个任务接着用的是同样的特征。`relation` 用的是不是这条线、`role` 用的是不是那条线，要到上面各自的头里才决定，这里没有画。
#
# 人很容易再往下说：“模型**因为**看了这个词，才知道是什么关系。”Jain 和 Wallace（2019）发现，换成很不一样的图，预测往往照旧。Wiegreffe 和 Pinter（2019）回答说，单凭这一点，还不能说注意力没有意义：要问的是，一个**不能挑选**的模型是否也做得一样好。下面是这个问题的简易版。把一层的查询矩阵设成零，它就对所有词元一视同仁（第 3 节）。别的都不动。
#
# **先预测。** 下面那一层对所有词元一视同仁，`role` 的验证集得分下降几个百分点？换成上面那一层呢？

# %%
even = lesson.predict_first(lower=..., upper=...)
even


# %%
def validated():
    """Task → its score on validation, in points. | 任务 → 验证集得分，百分制。"""
    found = evaluate(model, data, "valid")
    return {task: 100 * found["value"][task, data.tasks[task].score] for task in PAIR}


outcome = {"as trained | 训练所得": validated()}
for level, layer in layers.items():
    learned = layer.to_queries.get_weights()
    layer.to_queries.set_weights([0 * weights for weights in learned])
    outcome[f"{level} alike"] = validated()
    layer.to_queries.set_weights(learned)
lost = [outcome["as trained | 训练所得"]["role"] - outcome[f"{level} alike"]["role"] for level in layers]
even.compare(lower=lost[0], upper=lost[1])

# %%
pd.DataFrame(outcome).T.round(1)

# %% [markdown] lang="en"
# The lower level cannot do without its choice: with it gone, `role` falls to almost nothing and `relation` loses many points. The upper one nearly can: with its maps spread out evenly `role` stays about where it was, and `relation` loses a few points at most. Who had shown an upper map in the talk, and told a story about it, would have told a story about very little; and the temptation is greatest where a dark line stands under the very word that names the relation.
#
# What else could explain it? Perhaps the upper map was nearly even already. Measure it: the entropy of a row, divided by the largest that it could have; 1 is quite even.

# %% [markdown] lang="zh"
# 下面那一层离不开挑选：没有了它，`role` 几乎归零，`relation` 也丢了许多百分点。上面那一层却几乎不要紧：把它的图摊平，`role` 大致还在原处，`relation` 最多丢几个百分点。谁要是在报告里放了上面的图，再讲一个故事，那故事就几乎是无中生有；而图上那条深色的竖线要是正好落在说出关系的那个词上，就最让人想讲。
#
# 还有什么能解释？也许上面的图本来就差不多是平均的。量一量：一行的熵，除以它最大能有的熵；1 就是完全平均。

# %%
def evenness(level):
    """Mean entropy of a row, divided by that of an even one. | 一行的平均熵，除以完全平均时的熵。"""
    weights = attention(level)
    entropy = -(weights * np.log(weights + 1e-9)).sum(axis=-1)
    return float(entropy.mean() / np.log(len(words)))


pd.Series({level: evenness(level) for level in layers}).round(2)

# %% [markdown] lang="en"
# So it was, more than the lower ones, though not quite; the numbers above the maps said so, had we read them. And three reservations stay. The model was trained together with its choice: that the lower level cannot do without it *afterwards* does not say that a model trained without it could not have learned another way. It is one training, one seed. And a score that stays says nothing about single sentences. What may be said: "in this model the choice of the lower level is used by both tasks, that of the upper one hardly by either".

# %% [markdown] lang="zh"
# 确实如此，比下面那层更平均，不过还没到完全平均；其实图上方的数字早就说了，只是当时没有去读。另外还有三点保留。模型是连同它的挑选一起训练的：**事后**拿掉，下面那一层就不行了，这并不说明，一开始就没有挑选的模型学不到别的办法。这只是一次训练、一个种子。而且得分不变，并不说明每一句都没变。能说的是：“在这个模型里，下层的挑选两个任务都用上了；上层的挑选，哪个任务都几乎没有用。”

# %% [markdown] lang="en"
# ## 8 · The test part, once
#
# Which encoder would you take, at equal parameters? Write it into the cell, then run the next.

# %% [markdown] lang="zh"
# ## 8 · 测试集，只用一次
#
# 参数个数相同时，你会选哪种编码器？先写进单元格，再运行下一格。

# %%
taken = "bilstm"

# %%
def tested(encoder, task):
    """Five scores on test, at equal parameters. | 测试集上的五个得分，参数个数相同。"""
    return [run.final("test")[task] for run in runs_of(lesson_05.equal_parameters, encoder)]


test = holm({task: paired_difference(tested(taken, task), tested("cnn", task)) for task in TASKS})
for task, difference in test.items():
    print(task, difference.in_words(LANGUAGE))

# %% [markdown] lang="en"
# How to report it: "At equal parameters and after 600 steps the BiLSTM gains 16 points of `relation` and 15 of `role` on the CNN; for `sentiment` and `person` we cannot tell. Neither was done: the CNN was still climbing in three tasks, the BiLSTM in two."
#
# ## In five lines
#
# 1. A shared level can hold what its encoder can compute: words (MLP), n-grams (CNN), order (BiLSTM), who belongs to whom (Transformer).
# 2. Stacked convolutions see 1 + levels × (width − 1) tokens; an LSTM sees all, fading before it is trained; attention sees all, and knows order from positions alone.
# 3. Attention: a query asks, keys are found, values are averaged; padding is closed before the softmax.
# 4. Equal parameters, equal steps and equal time are three questions: here the BiLSTM led the first two, and the clock decides the third.
# 5. A shared layer has one map for all tasks; before telling its story, take the choice away and look whether anything changes.
#
# ## New terms
#
# | term | meaning |
# |---|---|
# | kernel | the small table of weights that a convolution lays on neighbors |
# | n-gram | n tokens in a row |
# | receptive field | the tokens that can change what one token has on top |
# | attention | a weighted mean of all tokens, with weights that the token itself asks for |
# | query, key, value | what a token looks for, what it is found by, what it hands over |
#
# ## Further reading
#
# - Y. Kim: *Convolutional Neural Networks for Sentence Classification*. EMNLP (2014), 1746–1751.
# - S. Hochreiter, J. Schmidhuber: *Long Short-Term Memory*. Neural Computation 9 (1997), 1735–1780.
# - A. Vaswani et al.: *Attention Is All You Need*. NIPS (2017), 5998–6008.
# - S. Jain, B. C. Wallace: *Attention is not Explanation*. NAACL (2019), 3543–3556.
# - S. Wiegreffe, Y. Pinter: *Attention is not not Explanation*. EMNLP (2019), 11–20. Read it right after the one before.
# - G. Tang, M. Müller, A. Rios, R. Sennrich: *Why Self-Attention? A Targeted Evaluation of Neural Machine Translation Architectures*. EMNLP (2018), 4263–4272. Recurrent, convolutional and attentional encoders, compared on what each should be good at.
#
# Next: **lesson 06**, depth: should a simple task be supervised lower down?

# %% [markdown] lang="zh"
# 报告可以这样写：“参数个数相同，训练 600 步，BiLSTM 比 CNN 在 `relation` 上高 16 个百分点，在 `role` 上高 15 个百分点；`sentiment` 和 `person` 无法判断。两者都还没有到头：CNN 在三个任务上、BiLSTM 在两个任务上还在上升。”
#
# ## 五句话小结
#
# 1. 共享的层级装得下什么，取决于它的编码器算得出什么：词（MLP）、n 元组（CNN）、次序（BiLSTM）、谁和谁有关（Transformer）。
# 2. 叠起来的卷积看得到 1 + 层数 ×（宽度 − 1）个词元；LSTM 看得到全部，但训练之前渐渐淡去；注意力看得到全部，要知道次序则全靠位置。
# 3. 注意力：查询去问，键被找到，值取平均；补齐要在 softmax 之前遮住。
# 4. 同样的参数个数、同样的步数、同样的时间，是三个问题：在这里，前两个是 BiLSTM 领先，第三个由计时决定。
# 5. 共享层的注意力图只有一套，各任务共用；讲它的故事之前，先把挑选拿掉，看看有没有什么变化。
#
# ## 新术语
#
# | 术语 | 含义 |
# |---|---|
# | 核（kernel） | 卷积放在相邻词元上的那张小权重表 |
# | n 元组（n-gram） | 连续的 n 个词元 |
# | 感受野（receptive field） | 能改变最上面某个词元的那些词元 |
# | 注意力（attention） | 所有词元的加权平均，权重由词元自己提问得来 |
# | 查询、键、值（query, key, value） | 词元在找什么、凭什么被找到、交出什么 |
#
# ## 延伸阅读
#
# - Y. Kim: *Convolutional Neural Networks for Sentence Classification*. EMNLP (2014), 1746–1751.
# - S. Hochreiter, J. Schmidhuber: *Long Short-Term Memory*. Neural Computation 9 (1997), 1735–1780.
# - A. Vaswani 等: *Attention Is All You Need*. NIPS (2017), 5998–6008.
# - S. Jain, B. C. Wallace: *Attention is not Explanation*. NAACL (2019), 3543–3556.
# - S. Wiegreffe, Y. Pinter: *Attention is not not Explanation*. EMNLP (2019), 11–20. 紧接着上一篇读。
# - G. Tang, M. Müller, A. Rios, R. Sennrich: *Why Self-Attention? A Targeted Evaluation of Neural Machine Translation Architectures*. EMNLP (2018), 4263–4272. 循环、卷积、注意力三种编码器，比的是各自应当擅长的事。
#
# 下一课：**第 06 课**，深度：简单的任务该不该在低处监督？
