# %% [markdown] lang="en"
# # Lesson 06 · Depth and cascades
#
# **Should a low-level task be supervised lower? And what if each layer solves one task and hands its answer up?**
#
# After this lesson you can
#
# 1. place the head of a task at any level of a plan, and say what that changes for the others;
# 2. build a cascade by hand: a label embedding, a stack in which each layer solves one task, and who then depends on whom;
# 3. find out how much a cascade could bring at best, before you spend a week on one.
#
# *Reading: 45 minutes. Exercises: 30 minutes. All cells together run in under 60 seconds and need less than 1.2 GB of memory.
# It builds on lesson 03 (plans, controls) and lesson 04 (crowding); intervals are those of lesson 02.*

# %% [markdown] lang="zh"
# # 第 06 课 · 深度与级联
#
# **低层次的任务，应该在更低的地方监督吗？如果每一层解决一个任务，再把答案往上递，又会怎样？**
#
# 学完本课，你能够
#
# 1. 把一个任务的头放在方案的任何层级上，并说出这给别的任务带来什么变化；
# 2. 亲手搭一个级联：标签嵌入、每层解决一个任务的叠层，并看出谁依赖谁；
# 3. 在花一个星期做级联之前，先弄清它最多能带来多少。
#
# *阅读约 45 分钟，练习约 30 分钟。全部单元格运行不到 60 秒，内存不到 1.2 GB。
# 需要先学第 03 课（方案、对照）和第 04 课（拥挤）；区间的含义见第 02 课。*

# %% tags=["language"]
LANGUAGE = "en"

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from mtl_tutorial import SharingPlan, build_model, comparing, exercises, people, plots, train
from mtl_tutorial.climbing import readers
from mtl_tutorial.depth import stack
from mtl_tutorial.evaluation import answers
from mtl_tutorial.layers import MaskedPooling
from mtl_tutorial.lessons import finished
from mtl_tutorial.lessons.lesson_06 import FED, LEVELS, PLACES, TASKS, TURNS, UPPER, fed, supervised
from mtl_tutorial.runs import still_climbing
from mtl_tutorial.startup import keras, tf
from mtl_tutorial.widgets.mixing_board import MixingBoard

lesson = exercises.lesson("06", LANGUAGE)
plt.rcParams["font.family"] = plots.fonts.families()  # Chinese too | 中文也能显示

# %% [markdown] lang="en"
# ## 1 · Low and high tasks
#
# So far every head sat on top of the trunk. But tasks are not equally high. To say what two people are to each other (`relation`), it helps to know first *who is who* in the sentence; and that is a task of its own, `role`: one tag for each token. `ner`, the names, is lower still.

# %% [markdown] lang="zh"
# ## 1 · 低层任务与高层任务
#
# 到现在为止，每个头都在主干的顶上。可是任务有高低之分。要说出两个人是什么关系（`relation`），最好先知道句子里**谁是谁**；而这本身就是一个任务，`role`：每个词元一个标记。找出名字的 `ner` 还要更低一些。

# %%
data = people.load(LANGUAGE, [*UPPER, "role", "ner"])
split = data["train"]
short = (split.inputs != 0).sum(axis=1) < 26
two = split.targets["relation"] > 0  # two people who are something to each other | 有关系的两个人
first = int(np.argmax(short & two))
tags = {task: np.array(data.tasks[task].labels) for task in data.tasks}
n = len(split.tokens[first])
rows = {task: tags[task][split.targets[task][first][:n]] for task in ("role", "ner")}
pd.DataFrame(rows.values(), list(rows), list(split.tokens[first])).style

# %%
{task: str(tags[task][split.targets[task][first]]) for task in UPPER}

# %% [markdown] lang="en"
# `SPOKEN` is the person spoken of, with what that person is to the speaker: the label of `person` hangs on the words inside. `PAIR` are two people named together, with what is said of them: `relation`. `OTHER` and `THING` are neither.
#
# In 2016 Søgaard and Goldberg asked where such a helper should be supervised. Their tasks were part-of-speech tags (low), syntactic chunks and CCG supertags (higher), their trunk three recurrent layers; their sentence became famous:
#
# > *it is consistently better to have POS supervision at the innermost rather than the outermost layer*
#
# The reason they give: "low-level" tasks are better kept at the lower layers, so that the higher ones can make use of what is learned there. This is the claim under test today. *Innermost* is `encoder_1`, *outermost* `encoder_3`.
#
# ## 2 · A head at any level
#
# A plan says it by leaving a task out: `leave("encoder_2", "role")` takes `role` off the trunk below encoder_2, so that its head sits on encoder_1.

# %% [markdown] lang="zh"
# `SPOKEN` 是被谈到的人，连同这个人和说话人的关系：`person` 的标签就取决于里面的词。`PAIR` 是一起提到的两个人，连同对他们关系的说法：看它就知道 `relation`。`OTHER` 和 `THING` 两者都不是。
#
# 2016 年，Søgaard 和 Goldberg 问：这样的辅助任务应该在哪里监督？他们的低层任务是词性标注，较高的任务是句法组块和 CCG 超标记，主干是三层循环网络。下面这句话很有名：
#
# > *it is consistently better to have POS supervision at the innermost rather than the outermost layer*（词性监督放在最里层，总是比放在最外层好）
#
# 他们的解释是：“低层次”的任务最好留在低的层上，高的任务才好利用在那里学到的东西。今天要检验的就是这个说法。**最里层**是 `encoder_1`，**最外层**是 `encoder_3`。
#
# ## 2 · 头可以放在任何层级
#
# 在方案里，不写某个任务就表示它离开了：`leave("encoder_2", "role")` 让 `role` 在进入 encoder_2 之前离开主干，于是它的头就在 encoder_1 上。

# %%
outermost = SharingPlan.hard([*UPPER, "role"], LEVELS)
innermost = outermost.leave("encoder_2", "role")
plots.sharing_diagram(innermost, language=LANGUAGE)

# %% [markdown] lang="en"
# **Predict.** Each encoder is a convolution of width 3. How many tokens does the head of `role` see when it sits on encoder_1? And on encoder_3?

# %% [markdown] lang="zh"
# **先预测。** 每个编码器都是宽度为 3 的卷积。`role` 的头在 encoder_1 上时，能看到几个词元？在 encoder_3 上呢？

# %%
window = lesson.predict_first(encoder_1=..., encoder_3=...)
window

# %%
tiny = {"units": 8, "embedding_dim": 8, "dropout": 0.0}
sentence = split.inputs[first : first + 1, :n]


def seen(plan):
    """Tokens that change the tag of the middle one when they are changed. | 改动后会影响中间词元的词元个数。"""
    net, middle = build_model(data, plan, **tiny), n // 2
    changed = np.repeat(sentence, n, axis=0)
    here = np.diag_indices(n)
    changed[here] = 2 + changed[here] % 100  # another token | 换一个词元
    before, after = (net(x)["role"].numpy()[:, middle] for x in (sentence, changed))
    return int((np.abs(after - before).max(axis=1) > 1e-9).sum())


window.compare(encoder_1=seen(innermost), encoder_3=seen(outermost))

# %% [markdown] lang="en"
# So depth is two things at once in a convolutional trunk: more layers to think with, and more words to see. Whoever moves a head down takes words away from it. Keep that in mind when `role` itself gets worse.
#
# ### Exercise 1 · `supervise`
#
# Write `supervise(heads)`: task → level of its head; the result is level → groups, as `SharingPlan` takes it, with one group on each level of `LEVELS` that anybody needs.

# %% [markdown] lang="zh"
# 所以在卷积主干里，深度同时意味着两件事：多几层可以用来加工，也能看到更多的词。把头往下移，就是少给它看几个词。等会儿看到 `role` 自己变差时，请记得这一点。
#
# ### 练习 1 · `supervise`
#
# 请写出 `supervise(heads)`：输入是任务 → 头所在的层级；结果是层级 → 组，写成 `SharingPlan` 要的样子：`LEVELS` 里凡是有任务需要的层级，各写一个组。


# %% tags=["exercise"] exercise="supervise"
def supervise(heads):
    return ...


# %%
lesson["supervise"].check(supervise)
# lesson["supervise"].hint()
# lesson["supervise"].solution()

# %% [markdown] lang="en"
# ## 3 · Where to supervise
#
# The table of finished runs holds every depth five times, on the Chinese corpus in either notebook: `role` with 2,000 labeled sentences, supervised at each level, beside `person` with 60 and `relation` with 200; 800 steps of 32 sentences, 32 units. All runs of one seed see the same sentences in the same order, so only the place of one head differs. In *silent* the loss of `role` has the weight 0; *both* has two heads of `role`, on encoder_1 and on top, each with half the weight.
#
# We write down two claims before we look: for `person` and for `relation`, encoder_1 against encoder_3.
#
# **Predict.** By how many points do `person` and `relation` change on validation if `role` is supervised at encoder_1 instead of encoder_3?

# %% [markdown] lang="zh"
# ## 3 · 在哪里监督
#
# 已有结果表里，每种深度各训练了五次；两种语言的笔记本读的都是中文语料上的结果：`role` 有 2000 个带标签的句子，分别在每个层级上监督；旁边的 `person` 有 60 个，`relation` 有 200 个；800 步，每步 32 句，32 个单元。同一个种子的各次训练，看到的句子和次序都一样，差别只在一个头的位置。silent 里 `role` 的损失权重是 0；both 有两个 `role` 的头，一个在 encoder_1，一个在顶上，权重各占一半。
#
# 看结果之前，先写下两个要检验的结论：`person` 和 `relation`，各比较 encoder_1 和 encoder_3。
#
# **先预测。** `role` 从 encoder_3 改到 encoder_1 监督，`person` 和 `relation` 在验证集上各变化多少个百分点？

# %%
guess = lesson.predict_first(person=..., relation=...)
guess

# %%
every_run = {}
for run in finished.load("06", "zh"):
    labels, lower, arm = run.header["model"].split()
    every_run.setdefault((lower, labels), {}).setdefault(arm, []).append(run)
runs = every_run["role", "few"]


def scores(split):
    """A row an arm and seed, a column a task, in 0 to 1. | 每行一种做法和种子，每列一个任务，0 到 1。"""
    rows = [
        {"arm": arm, "seed": run.header["seed"], **{t: run.final(split)[t] for t in TASKS}}
        for arm, several in runs.items()
        for run in several
    ]
    return pd.DataFrame(rows).set_index(["arm", "seed"])


valid = scores("valid")


# %%
def against(base, arms, split="valid"):
    """Paired differences of arms to `base`, for both upper tasks. | 各做法与 `base` 的配对之差，两个高层任务。"""
    found = scores(split)
    rows = {
        f"{task}: {arm}": comparing.paired_difference(found.loc[arm][task], found.loc[base][task])
        for task in UPPER
        for arm in arms
    }
    return comparing.holm(rows)


claim = against("encoder_3", ["encoder_1"])
guess.compare(**{task: claim[f"{task}: encoder_1"].mean for task in UPPER})

# %%
plots.differences(claim, language=LANGUAGE)

# %% [markdown] lang="en"
# `person` gains about 11 points, and the interval stays clear of zero. For `relation` it is 8 points on average, and the interval reaches over zero: we cannot tell. Beside them, the two other depths and *both*:

# %% [markdown] lang="zh"
# `person` 提高了约 11 个百分点，区间没有碰到零。`relation` 平均高 8 个百分点，但区间跨过了零：无法判断。再看另外两种深度和 both：

# %%
every = against("encoder_3", ["embedding", "encoder_1", "encoder_2", "both"])
plots.differences(every, language=LANGUAGE)

# %% [markdown] lang="en"
# All eight differences point the same way, and for `person` they grow from level to level: the lower, the better. So far the famous sentence is right. But had we claimed all eight instead of two, Holm's correction would leave one, `person` with `role` on the embedding; the other intervals have not changed, only the number of chances to be lucky.
#
# ### Better than what?
#
# All this compares depths with each other. Is it good to have `role` at all? *silent* answers: the same sentences in the same order, and nothing learned from `role`.
#
# **Predict.** At which depth is `role` worth most to `person`, and how many points is that above *silent*?

# %% [markdown] lang="zh"
# 八个差都朝同一个方向，而且对 `person` 来说一级比一级大：越低越好。到这里，那句名言没有说错。不过，要是我们一开始声称的不是两个结论而是八个，经过 Holm 校正，就只剩下一个：`role` 在嵌入层时的 `person`。其余的区间都没有变，变的只是碰运气的次数。
#
# ### 比什么好？
#
# 上面都是不同的深度互相比。可是，有 `role` 到底好不好？silent 可以回答：句子和次序都一样，只是没有从 `role` 学到任何东西。
#
# **先预测。** `role` 放在哪个深度对 `person` 最有用，比 silent 高多少个百分点？

# %%
best = lesson.predict_first(level=..., points=...)
best

# %%
worth = against("silent", LEVELS)
person = {level: worth[f"person: {level}"].mean for level in LEVELS}
top_level = max(person, key=person.get)
best.compare(level=top_level, points=person[top_level])

# %%
plots.differences(worth, language=LANGUAGE)

# %% [markdown] lang="en"
# No depth is ahead of *silent* for `person`: on average it is 2 points behind at best, 17 at worst. For `relation` the best depth is 1 point ahead, which is nothing that five seeds could tell. So "lower is better" means here: **the lower the helper, the less it is in the way.** Who had only compared depths would have reported a gain of 11 points, and have missed that leaving the helper out was, on average, no worse.
#
# ### What else could explain it?
#
# Whoever moves a head down changes two things: where `role` is supervised, and how many levels it shares with the others. A control, *own*, tells them apart: `role` shares no more than encoder_1, but goes on through an encoder_2 and an encoder_3 of its own before its head. Supervised at the outermost level, sharing as little as with its head on encoder_1.

# %% [markdown] lang="zh"
# 对 `person` 来说，没有一个深度超过 silent：平均而言，最好的落后 2 个百分点，最差的落后 17 个。`relation` 最好的深度领先 1 个百分点，五个种子根本分辨不出来。所以“越低越好”在这里的意思是：**辅助任务放得越低，越不碍事。** 只比较深度的人，会报告提高了 11 个百分点，却没发现干脆不要这个辅助任务，平均也不差。
#
# ### 还可能是什么原因？
#
# 把头往下移，改变的是两样：`role` 在哪里监督，以及它和别人共享几个层级。对照 own 能分开两者：`role` 同样只共享到 encoder_1，但接着走过自己的 encoder_2 和 encoder_3，头才在上面。监督在最外层，共享的却和头在 encoder_1 时一样少。

# %%
plots.sharing_diagram(
    outermost.split("encoder_2", "role").split("encoder_3", "role"), language=LANGUAGE
)

# %% [markdown] lang="en"
# **Predict.** How many points of `person` does *own* gain over encoder_3, and over encoder_1?

# %% [markdown] lang="zh"
# **先预测。** own 使 `person` 比 encoder_3 高多少个百分点，比 encoder_1 呢？

# %%
sharing_less = lesson.predict_first(over_encoder_3=..., over_encoder_1=...)
sharing_less

# %%
control = {
    f"{row} − {base}": difference
    for base in ("encoder_3", "encoder_1")
    for row, difference in against(base, ["own"]).items()
}
sharing_less.compare(
    over_encoder_3=control["person: own − encoder_3"].mean,
    over_encoder_1=control["person: own − encoder_1"].mean,
)

# %%
plots.differences(control, language=LANGUAGE)

# %% [markdown] lang="en"
# To share less brings most of it: with its head as high as ever, but on encoders of its own, `role` leaves `person` 8 points more, out of the 11, and `relation` 5 out of 8. Whether supervising low adds anything to it, five seeds cannot tell; on average it is 3 points. So for `role` the famous sentence names the right place, and for the greater part not the reason: the upper levels had become free.
#
# And `role` itself, what does it pay for its place?

# %% [markdown] lang="zh"
# 大部分好处来自共享得少：头还在原来的高度，只是走自己的编码器，`role` 就给 `person` 多留下 8 个百分点（总共 11 个），给 `relation` 多留下 5 个（总共 8 个）。在低处监督是否还能再加上一点，五个种子无法判断；平均是 3 个百分点。所以对 `role` 来说，那句名言说对了位置，原因却大半没说对：主要是上面的层级空出来了。
#
# 那么 `role` 自己呢，它为这个位置付出了什么？

# %%
(100 * valid["role"].groupby("arm", sort=False).mean()[[*LEVELS, "own"]]).round(1)

# %% [markdown] lang="en"
# Lowest is not best: on the embedding a head sees one token at a time, and no token says by itself who is who. But its best place is encoder_1, with three tokens, and not the top, with seven: there it has to share all layers with two tasks that pull elsewhere, and after 800 steps it has got only so far. With encoders of its own it has seven tokens *and* its peace: 89 %. Both sides gain from parting early; a head placed low just parts early at the expense of the low task.
#
# One more caution. 800 steps are few:

# %% [markdown] lang="zh"
# 并不是越低越好：头在嵌入层上时，一次只看到一个词元，而单看一个词元，谁也说不出谁是谁。不过它最好的位置是只看三个词元的 encoder_1，而不是看七个的顶上：在那里，所有的层都要和两个往别处拉的任务共用，800 步之后只走到这里。有了自己的编码器，它既看得到七个词元，**又**没人打扰：89%。早点分开，双方都得益；把头放低，也不过是早点分开，只是由低层任务来吃亏。
#
# 还有一点要小心：800 步不算多。

# %%
figure, axes = plt.subplots(figsize=(6.5, 3.4), layout="constrained")
for arm in ("silent", *LEVELS):
    curves = pd.concat([run.curve("person") for run in runs[arm]], axis=1).mean(axis=1)
    axes.plot(200 * curves.index, 100 * curves, "o-", label=arm)
axes.set(xlabel="steps | 步数", ylabel="person, mean of seeds (%) | person，种子平均（%）")
axes.legend()

# %%
rising = {arm: {task: still_climbing(runs[arm], task) for task in UPPER} for arm in PLACES}
pd.DataFrame(rising).T  # True: still climbing at the last step | True：到最后一步还在上升

# %% [markdown] lang="en"
# Most lines still rise, *encoder_1* by 7 points in the last 200 steps, even where five seeds are too few for `still_climbing` to say so. Slower is not worse: this is a ranking after 800 steps, in a trunk of 32 units, with few labels above. Søgaard and Goldberg had a label for every word of every task, and recurrent layers that see the whole sentence. What can be carried over is not the ranking but the question *better than what?*

# %% [markdown] lang="zh"
# 大多数线还在上升，encoder_1 在最后 200 步里升了 7 个百分点，只是五个种子太少，`still_climbing` 还不能这么说。慢不等于差：这是 800 步之后、主干只有 32 个单元、上面的标签又少时的排名。Søgaard 和 Goldberg 的每个任务、每个词都有标签，循环层也能看到整句。能带走的不是排名，而是那个问题：**比什么好？**

# %% [markdown] lang="en"
# ### Another helper, and more labels
#
# One helper is one helper. The table holds the same places for another lower task, `ner`, with 2,000 labeled sentences as well; and each of the two once more with 2,000 labels of `person` and of `relation` (*many*) in place of 60 and 200 (*few*).
#
# **Predict.** `ner` at encoder_1 instead of encoder_3: by how many points do `person` and `relation` change, with few labels above?

# %% [markdown] lang="zh"
# ### 换一个辅助任务，标签再多些
#
# 一个辅助任务说明不了全部。表里还有另一个低层任务 `ner`，位置相同，带标签的句子也是 2000 个；而且两个低层任务都另有一组，`person` 和 `relation` 不再是 60 个和 200 个标签（few），而是各 2000 个（many）。
#
# **先预测。** 上面的标签少时，`ner` 从 encoder_3 改到 encoder_1，`person` 和 `relation` 各变化多少个百分点？

# %%
other = lesson.predict_first(person=..., relation=...)
other


# %%
def upper(lower, labels, arm):
    """Scores of the upper tasks, a row a seed. | 高层任务的得分，一行一个种子。"""
    return pd.DataFrame({r.header["seed"]: r.final() for r in every_run[lower, labels][arm]}).T[[*UPPER]]


def moved(arm, base, cells):
    """Paired differences of two places for each of these tables. | 每张表里两种位置的配对之差。"""
    rows = {}
    for lower, labels in cells:
        ours, theirs = (upper(lower, labels, place) for place in (arm, base))
        for task in UPPER:
            difference = comparing.paired_difference(ours[task], theirs[task])
            rows[f"{task}: {lower}, {labels}"] = difference
    return comparing.holm(rows)


inner = moved("encoder_1", "encoder_3", list(every_run))
other.compare(**{task: inner[f"{task}: ner, few"].mean for task in UPPER})

# %%
plots.differences(inner, language=LANGUAGE)

# %%
figure, both = plt.subplots(1, 2, figsize=(8, 3.2), layout="constrained")
for axes, labels in zip(both, ("few", "many"), strict=True):
    for lower in ("role", "ner"):
        means = [100 * upper(lower, labels, place).mean(axis=None) for place in LEVELS]
        axes.plot(LEVELS, means, "o-", label=lower)
    base = "silent"
    without = 100 * upper("role", labels, base).mean(axis=None)
    axes.axhline(without, color="#555555", linestyle="--", label=base)
    axes.set_title({"few": "few labels | 标签少", "many": "many labels | 标签多"}[labels])
both[0].set_ylabel("mean of person and relation (%) | person 和 relation 的平均（%）")
both[1].legend()
plt.show()

# %% [markdown] lang="en"
# With `ner` it is the other way round. At the innermost layer it costs `person` fifteen points and `relation` fourteen, compared with the outermost; with many labels it still costs three and seven on average. But "the higher, the better" is no rule either: `ner` is most in the way in the middle, on encoder_1 and encoder_2, and less again on the embedding. Of these eight claims one stands, and it is one *against* the famous sentence: `person` with few labels loses fifteen points. (`role`'s eleven points, which stood among two claims, do not stand among eight.)
#
# So it depends on the helper? One verdict here and another there do not show it yet: two differences may be judged differently and be much alike. What has to be tested is the difference *between* them, seed by seed:

# %% [markdown] lang="zh"
# 换成 `ner`，正好反过来。放在最里层，和最外层比，`person` 少十五个百分点，`relation` 少十四个；标签多的时候，平均还是少三个和七个。不过“越高越好”也不成规律：`ner` 在中间，也就是 encoder_1 和 encoder_2 上，最碍事；到了嵌入层，又好一些。八个结论里站得住的只有一个，恰恰是**反对**那句名言的：标签少时，`person` 下降十五个百分点。（`role` 的十一个百分点，在两个结论里站得住，在八个里就站不住了。）
#
# 那么，要看是什么辅助任务？光凭这边一个判断、那边一个判断，还说明不了：两个差的判断不同，大小却可能差不多。要检验的是两个差**之间**的差，一个种子一个种子地比：


# %%
def change(lower, labels):
    """Points that encoder_1 brings over encoder_3, a row a seed. | encoder_1 比 encoder_3 高的百分点，一行一个种子。"""
    return 100 * (upper(lower, labels, "encoder_1") - upper(lower, labels, "encoder_3"))


(change("ner", "few") - change("role", "few")).round(1)

# %% [markdown] lang="en"
# For the same move downwards `person` fares 26 points worse with `ner` than with `role`, `relation` 22, and all ten numbers have the same sign. Judged as four claims, together with the two for many labels (4 points and 10, which just cannot be told), both stand. So "consistently" is not what our runs show: it depends on the helper.
#
# *Better than what?* Wherever `ner` is supervised, we cannot tell it to be a help beside *silent*; at its best places, on top or on encoders of its own, the means stay within six points of it.
#
# With many labels above, the place of `role` matters less: its four depths lie within three points. `ner` still makes a difference of nine for `relation`; but all its curves still rise there, so this, too, is a ranking after 800 steps.
#
# Could it be the sharing again? The same control: with its head as high as ever, but with encoders of its own from encoder_2 on, `ner` shares as little as with its head on encoder_1.

# %% [markdown] lang="zh"
# 同样往下移，配 `ner` 时，`person` 比配 `role` 时差 26 个百分点，`relation` 差 22 个，十个数全是同一个符号。连同标签多时的两个（4 个和 10 个百分点，只差一点，无法判断）当作四个结论，这两个都站得住。所以“总是”二字，我们的训练里看不到：要看是什么辅助任务。
#
# **比什么好？** 不管 `ner` 在哪里监督，和 silent 比，都不能断定它有帮助；最好的两种放法是放在顶上，或者走自己的编码器，平均和 silent 相差不到六个百分点。
#
# 上面的标签多了以后，`role` 放在哪里就不那么要紧了：四种深度相差不到三个百分点。`ner` 的位置仍使 `relation` 相差九个；不过在那里，它的曲线全都还在上升，所以这同样只是 800 步之后的排名。
#
# 会不会又是共享多少的缘故？还用那个对照：头仍在最高处，但从 encoder_2 起走自己的编码器，`ner` 共享的就和头在 encoder_1 时一样少。

# %%
apart_below = moved("own", "encoder_1", [("ner", "few"), ("ner", "many")])
plots.differences(apart_below, language=LANGUAGE)

# %% [markdown] lang="en"
# This time it is not the sharing. Sharing exactly as little, `ner` costs far less with its head on top: four claims, and all four stand, from five points to seventeen. With `role` we could not tell the two explanations apart, with `ner` we can: it is the place. But depth is two things at once, as in section 2: on encoders of its own the head has more layers below it *and* sees more words, and these runs do not say which of the two it is. A guess that fits: a head right on encoder_1 bends that layer to names alone; with two encoders in between, it can take what it needs from features that serve others, too. Nobody has looked inside. So ask of a lower task not whether it is "low", but what its head does to the layer on which it sits.

# %% [markdown] lang="zh"
# 这一次，原因不是共享多少。共享得一样少，头在顶上的 `ner` 碍事要少得多：四个结论，四个都站得住，从五个百分点到十七个。在 `role` 那里分不开的两种解释，在 `ner` 这里分开了：要紧的是位置。不过第 2 节说过，深度同时是两件事：走自己的编码器，头下面的层多了，看到的词**也**多了，究竟是哪一样，这些训练没有回答。有一种猜想说得通：头直接放在 encoder_1 上，就把这一层拉去专门认名字；中间隔着两个编码器，它就能从也为别人服务的特征里取自己要的。只是谁也没有打开来看过。所以对一个低层任务，要问的不是它“低”不低，而是它的头对所在的那一层做了什么。

# %% [markdown] lang="en"
# ## 4 · Handing the answer up
#
# Up to here the lower task helped by what it does to the layers that it shares. A **cascade** goes further: its *answer* is handed up. Each label has a vector, the rows of a table that is learned; the vector of an answer is the mean of the rows, each weighed by its probability. This **label embedding** (Hashimoto et al. 2017, who lay it beside the other features) is here added to what comes from below:
#
# $$x' = x + \sum_c p(c)\, e_c, \qquad p = \mathrm{softmax}(z)$$

# %% [markdown] lang="zh"
# ## 4 · 把答案往上递
#
# 到这里，低层任务的帮助都来自它对共用层的影响。**级联**（cascade）更进一步：把它的**回答**也递上去。每个标签有一个向量，也就是一张表的各行，表是学出来的；一个回答的向量，是各行按概率加权的平均。这叫**标签嵌入**（label embedding，Hashimoto 等 2017，他们把它和其他特征并排放着），这里把它加到下面传上来的特征上：
#
# $$x' = x + \sum_c p(c)\, e_c, \qquad p = \mathrm{softmax}(z)$$

# %%
x = np.array([[1.0, 0.0], [0.0, 1.0]])  # [tokens, features] | [词元, 特征]
z = np.array([[4.0, 0.0, 0.0], [0.0, 0.1, 0.2]])  # sure, and in doubt | 有把握的，和拿不准的
e = np.array([[0.0, 5.0], [5.0, 0.0], [-5.0, 0.0]])  # [labels, features] | [标签, 特征]
p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
(x + p @ e).round(2)

# %% [markdown] lang="en"
# The first token is sure of its label and is moved far; the second is in doubt, its rows pull in different directions, and it is moved a third as far. So a doubtful answer is a faint one, and nothing has to be decided on the way.
#
# ### Exercise 2 · `feed`
#
# Write `feed(x, logits, table)`: `x` is [tokens, features], `logits` [tokens, labels], `table` [labels, features].

# %% [markdown] lang="zh"
# 第一个词元对标签有把握，被推得很远；第二个拿不准，几行往不同的方向拉，只被推了三分之一那么远。所以没把握的回答声音就轻，途中什么也不必先定下来。
#
# ### 练习 2 · `feed`
#
# 请写出 `feed(x, logits, table)`：`x` 的形状是 [词元, 特征]，`logits` 是 [词元, 标签]，`table` 是 [标签, 特征]。


# %% tags=["exercise"] exercise="feed"
def feed(x, logits, table):
    return ...


# %%
lesson["feed"].check(feed)
# lesson["feed"].hint()
# lesson["feed"].solution()

# %% [markdown] lang="en"
# In a plan, `feeds` says at which level which task is given whose answers. The tables start at 0, so that a fed network begins as one that is not: the two answer alike before the first step.

# %% [markdown] lang="zh"
# 在方案里，`feeds` 说明在哪个层级、哪个任务得到谁的回答。表从 0 开始，所以有传递的网络一开始和没有的一样：第一步之前，两者的回答相同。

# %%
cascade, plain = fed(FED), supervised(FED)
nets = [build_model(data, plan, **tiny) for plan in (cascade, plain)]
ours, theirs = (net(sentence) for net in nets)
{task: float(np.abs(ours[task] - theirs[task]).max()) for task in plain.tasks}

# %%
plots.sharing_diagram(cascade, language=LANGUAGE)

# %% [markdown] lang="en"
# An arrow is a feed. On the board you can lay one yourself: choose whose answer goes to whom, and watch what becomes of the head that is asked; `board.plan` is the plan that you see.

# %% [markdown] lang="zh"
# 箭头就是传递。在下面的板上可以自己来：选谁的回答传给谁，看看那个任务的头怎样变；看到的方案就是 `board.plan`。

# %%
board = MixingBoard(data, LANGUAGE, tasks=TASKS, levels=LEVELS, units=32, embedding_dim=32)
board

# %% [markdown] lang="en"
# What has changed is who depends on whom. `readers` walks through a plan and lists for each layer the tasks whose answers depend on it. Without the feed, the head of `role` matters to `role` alone:

# %% [markdown] lang="zh"
# 变了的是谁依赖谁。`readers` 把方案走一遍，列出每一层影响哪些任务的回答。没有传递时，`role` 的头只关系到 `role` 自己：

# %%
head = ("head", ("role",))
{"plain": readers(plain)[head], "cascade": readers(cascade)[head]}

# %% [markdown] lang="en"
# ### Exercise 3 · `listeners`
#
# `feeds` is task → tasks whose answers it is given, such as `{"person": ["role"], "relation": ["person"]}`. Write `listeners(feeds, task)`: the set of all *other* tasks whose answers depend on the head of `task`, be it directly or by way of others. (No task listens to itself, however far around.)

# %% [markdown] lang="zh"
# ### 练习 3 · `listeners`
#
# `feeds` 是任务 → 它得到哪些任务的回答，例如 `{"person": ["role"], "relation": ["person"]}`。请写出 `listeners(feeds, task)`：凡是回答依赖 `task` 的头的**其他**任务，不管是直接还是间接，组成的集合。（不会有任务绕一圈又听到自己。）


# %% tags=["exercise"] exercise="listeners"
def listeners(feeds, task):
    return ...


# %%
lesson["listeners"].check(listeners)
# lesson["listeners"].hint()
# lesson["listeners"].solution()

# %% [markdown] lang="en"
# ## 5 · What the cascade brings, and what it could bring at best
#
# Three networks, alike but for what is fed into encoder_3: nothing (`role` supervised at encoder_2), the answers of `role` (*fed*), and the **gold** labels of `role`, those that stand in the corpus (*gold*; in 8 sentences of 100 one of them is wrong on purpose, as with real annotators). Nobody has gold labels when it counts. But they tell how much a nearly perfect lower task could bring through this door: if gold brings nothing, hardly will a better tagger.
#
# **Predict.** By how many points does `relation` change on validation when answers are fed? And when gold is fed?

# %% [markdown] lang="zh"
# ## 5 · 级联带来多少，最多又能带来多少
#
# 三个网络，只差传进 encoder_3 的是什么：什么都不传（`role` 在 encoder_2 监督），传 `role` 的回答（fed），或者传语料里 `role` 的**标准答案**（gold label，表中写作 gold；每 100 句里有 8 句故意标错了，就像真人标注那样）。真正用的时候，谁也没有标准答案。不过它能告诉我们：如果低层任务几乎完美，从这扇门大约能进来多少；标准答案都没有用，再好的标注器也难有用。
#
# **先预测。** 传回答，`relation` 在验证集上变化多少个百分点？传标准答案呢？

# %%
gain = lesson.predict_first(fed=..., gold=...)
gain

# %%
handed = against(FED, ["fed", "gold"])
gain.compare(**{arm: handed[f"relation: {arm}"].mean for arm in ("fed", "gold")})

# %%
plots.differences(handed, language=LANGUAGE)

# %% [markdown] lang="en"
# On average gold is worth much, 11 points of `relation` and 7 of `person`: if that holds, the door is open, and who is who is indeed what `relation` would like to know. (The interval for `relation` lies above zero; judged as one of four claims, it just cannot be told. Section 9 looks again, once, on twice as many sentences.)
#
# Of the answers of `role` no help can be seen: on average they are 1 or 2 points *below* the same network without the feed, and we cannot tell. They are often wrong: their F1 is about 64 %. Between them and gold lies what a better lower task might win. A result without a gain, and one that tells where to work: on `role`, not on the feed. (Section 3 has shown how: with encoders of its own it reaches 89 %. To feed *those* answers into a fourth level is a good project.)
#
# Two cautions. Gold goes in through the same door and at the same time, but it is also *steadier*: answers change while `role` learns, and the table has to follow. And gold stands here in training and in test alike; a network that was trained on gold and is tested on answers has never seen a wrong one.

# %% [markdown] lang="zh"
# 平均来看，标准答案很有价值：`relation` 高 11 个百分点，`person` 高 7 个；要是站得住，这扇门就是敞开的，谁是谁也正是 `relation` 想知道的。（`relation` 的区间在零以上；但作为四个结论之一来判断，只差一点，无法判断。第 9 节会在多一倍的句子上再看一次，只看一次。）
#
# `role` 的回答则看不出有什么用：平均比不传的同样的网络还**低** 1 到 2 个百分点，无法判断。这些回答常常是错的：F1 只有 64% 左右。它们和标准答案之间的差距，就是更好的低层任务也许能赢回来的。没有提高，不过这个结果指出了该在哪里下功夫：在 `role` 上，不在传递上。（第 3 节已经指出了办法：有自己的编码器时，它能到 89%。把**那样的**回答传进第四个层级，是个很好的小项目。）
#
# 还有两点要小心。标准答案走的是同一扇门，同一个时刻，但它也更**稳定**：`role` 一边学，回答一边变，那张表就得跟着变。另外，这里训练和测试用的都是标准答案；如果训练时用标准答案、测试时才换成回答，网络就从没见过错的回答。

# %% [markdown] lang="en"
# ### Does it listen?
#
# One cascade, trained for 300 steps here and now, with 2,000 labels for each of the three tasks. Afterwards we cut the feed by setting its table to zero. Whoever does not listen gives the same answers as before.
#
# **Predict.** Which share of the answers to `person` and to `relation` changes?

# %% [markdown] lang="zh"
# ### 它在听吗？
#
# 当场训练一个级联，300 步，三个任务各有 2000 个标签。然后把表设为零，切断传递。不听的，回答会和原来一样。
#
# **先预测。** `person` 和 `relation` 的回答各有多大比例会变？

# %%
cut = lesson.predict_first(person=..., relation=...)
cut

# %%
many = data.with_labels(dict.fromkeys(TASKS, 2000), seed=0)
model = build_model(many, cascade, units=32, embedding_dim=32)
run = train(model, many, epochs=1, steps_per_epoch=300, learning_rate=3e-3, progress=False)
hearing = answers(model, many, "valid")

# %%
(listening,) = [layer for layer in model.layers if ".feed-" in layer.name]
table = listening.get_weights()
listening.set_weights([np.zeros_like(table[0])])
deaf = answers(model, many, "valid")
listening.set_weights(table)
changed = {task: float((hearing[task] != deaf[task]).mean()) for task in UPPER}
cut.compare(**changed)

# %%
truth = data["valid"].targets
right = {
    name: {task: (found[task] == truth[task]).mean() for task in UPPER}
    for name, found in (("hearing", hearing), ("deaf", deaf))
}
(100 * pd.DataFrame(right)).round(1)

# %% [markdown] lang="en"
# It listens: several answers in a hundred are others without the feed, in a network that had started deaf, and points are lost. Is that the proof that the cascade helps? No. This network has learned to lean on its feed; one that never had it may have found another way, and among our finished runs it had. (There the labels are few, and this is one training: an observation.) Whoever shows that a feed is *used*, be it by cutting it or by the size of its vectors, has not shown that it *helps*; for that we need the network that never had it.
#
# ## 6 · Each layer solves one task
#
# Why stop at one feed? In the article with which this course began, a network is drawn as a stack: *each layer solves one task and passes the result on*. From scratch, in plain Keras, for any number of tasks:

# %% [markdown] lang="zh"
# 它在听：切断之后，一百个回答里有好几个变了，而这个网络起初是听不见的；分数也掉了。这就证明级联有帮助吗？没有。这个网络学会了依靠传递；从未有过传递的网络，可能另找了出路，在我们已有的那些训练里就是这样。（那里的标签少，这里又只是一次训练：这是观察到的现象。）不管是切断，还是看向量有多长，证明了传递**被用到**，并没有证明它**有帮助**；要证明后者，得和从未有过它的网络比。
#
# ## 6 · 每一层解决一个任务
#
# 为什么只传一次呢？本课程由一篇文章而来，那里画的网络是一个叠层（stack）：**每一层解决一个任务，并把结果往上传**。从零写起，用普通的 Keras，任务数不限：


# %%
def by_hand(tasks, units=8):
    """Each layer solves one task and passes its answer on. | 每层解决一个任务，再把答案往上递。"""
    tokens = keras.Input((None,), dtype="int32")
    real = keras.ops.not_equal(tokens, 0)  # not padding | 不是补齐
    x = keras.layers.Embedding(len(data.vocabulary), units, name="words")(tokens)
    answers = {}
    for task in tasks:
        words = data.tasks[task].kind == "token"
        x = keras.layers.Dense(units, "relu", name=f"layer_{task}")(x)
        seen = x if words else MaskedPooling()(x, mask=real)
        logits = keras.layers.Dense(len(data.tasks[task].labels), name=f"head_{task}")(seen)
        answers[task] = logits
        embed = keras.layers.Dense(units, use_bias=False, name=f"feed_{task}")
        fed_up = embed(keras.ops.softmax(logits))
        x = x + (fed_up if words else fed_up[:, None])
    return keras.Model(tokens, answers)


BOTTOM_UP = ["role", "person", "relation"]
scratch = by_hand(BOTTOM_UP)

# %% [markdown] lang="en"
# (A dense layer without bias, applied to probabilities, *is* a label embedding: its kernel is the table.) In the package the same network is one call, `stack(tasks)`. To see that it is the same we give both the same weights and compare their answers.

# %% [markdown] lang="zh"
# （对概率用一个没有偏置的全连接层，**就是**标签嵌入：它的核就是那张表。）在包里，同样的网络只要一句 `stack(tasks)`。为了确认两者相同，我们给它们一样的权重，再比较回答。

# %%
called = build_model(data, stack(BOTTOM_UP), encoder="mlp", **tiny)
upward = [layer for layer in called.layers if ".feed-" in layer.name]
for layer, task in zip(upward, BOTTOM_UP, strict=False):
    layer.set_weights(scratch.get_layer(f"feed_{task}").get_weights())
called.shared_layer("embedding", "role").set_weights(scratch.get_layer("words").get_weights())
for place, task in enumerate(BOTTOM_UP, 1):
    own = called.shared_layer(f"encoder_{place}", task)
    own.set_weights(scratch.get_layer(f"layer_{task}").get_weights())
    called.get_layer(f"{task}_head").set_weights(scratch.get_layer(f"head_{task}").get_weights())
some = split.inputs[:50]
ours, theirs = (net(some) for net in (scratch, called))
{task: float(np.abs(ours[task] - theirs[task]).max()) for task in ("person", "relation")}

# %%
plots.sharing_diagram(stack(BOTTOM_UP), language=LANGUAGE)

# %% [markdown] lang="en"
# ## 7 · A cascade of eight
#
# A stack of three is short. In a tall one the loss at the top has a long way down to the first layer, and on the way its gradient is multiplied again and again. **Deep supervision** (Lee et al. 2015) puts a loss on every layer. A toy shows both: eight layers of 32 units with random weights; we ask how hard a loss pulls on what each layer gives out.
#
# **Predict.** A loss at the top alone: how many times as hard does it pull at layer 8 as at layer 1?

# %% [markdown] lang="zh"
# ## 7 · 八层的级联
#
# 三层的叠层还算矮。在高的叠层里，顶上的损失要走很远才到第一层，一路上梯度被一乘再乘。**深监督**（deep supervision，Lee 等 2015）在每一层都放一个损失。用一个小模型把两者都看一看：八层，每层 32 个单元，权重随机；问的是，损失对每一层的输出拉得有多用力。
#
# **先预测。** 损失只放在顶上：它对第 8 层的拉力是对第 1 层的多少倍？

# %%
pull = lesson.predict_first(times=...)
pull

# %%
rng = np.random.default_rng(0)
start = tf.constant(rng.normal(size=(64, 32)))
target = tf.constant(rng.integers(0, 6, size=64))
kernels = [tf.constant(rng.normal(size=(32, 32)) / 32**0.5) for _ in range(8)]
heads = [tf.constant(rng.normal(size=(32, 6)) / 32**0.5) for _ in range(8)]


def pulls(supervised, gain=1.0):
    """How hard the losses of these layers pull on the output of each. | 这些层的损失对每一层输出的拉力。"""
    outputs = [start]
    with tf.GradientTape() as tape:
        tape.watch(start)
        for kernel in kernels:
            outputs.append(tf.nn.relu(outputs[-1] @ (gain * kernel)))
        logits = [outputs[layer] @ heads[layer - 1] for layer in supervised]
        each = tf.nn.sparse_softmax_cross_entropy_with_logits
        loss = tf.add_n([tf.reduce_mean(each(target, own)) for own in logits])
    return [tf.norm(g).numpy() for g in tape.gradient(loss, outputs[1:])]


# %%
top = pulls([8])
pull.compare(times=top[-1] / top[0])

# %%
lines = {
    "top alone | 只在顶上": top,
    "all eight | 八层都有": pulls(range(1, 9)),
    "top alone, starting values of He | 只在顶上，He 初始化": pulls([8], gain=2**0.5),
}
figure, axes = plt.subplots(figsize=(6.5, 3.4), layout="constrained")
for (name, values), style in zip(lines.items(), ("o-", "s-", "^--"), strict=True):
    axes.semilogy(range(1, 9), values, style, label=name)
axes.set(xlabel="layer | 层", ylabel="length of the gradient | 梯度的长度")
axes.legend()

# %% [markdown] lang="en"
# With a loss at the top alone the pull fades on the way down: this is the **vanishing gradient**. With eight losses every layer is pulled about as hard. But look twice.
#
# First, the dashed line: starting values that are larger by √2 (He et al. 2015) let the top's gradient arrive without any further loss. For this trouble alone deep supervision is not needed; residual connections and normalization do the same.
#
# Second, *whose* pull is it? In the second line layer 1 is pulled by its own loss. How much of that comes from the top?

# %% [markdown] lang="zh"
# 损失只在顶上时，拉力一路往下变弱：这就是**梯度消失**（vanishing gradient）。有了八个损失，每一层受的拉力差不多。不过要再看一眼。
#
# 第一，看虚线：初始值放大到 √2 倍（He 等 2015），顶上的梯度不用别的损失帮忙也能到底。单为这件事，用不着深监督；残差连接和归一化也有同样的效果。
#
# 第二，这是**谁**的拉力？在第二条线上，拉第 1 层的是它自己的损失。其中有多少来自顶上？

# %%
share = top[0] / lines["all eight | 八层都有"][0]
f"{share:.1%}"

# %% [markdown] lang="en"
# Deep supervision does not bring the top's gradient down; it gives the lower layers something else to do. Whether that is good for the top is the question of section 3 once more: it depends on the tasks. When all eight losses are of one task, as in Lee et al., there is nothing to quarrel about. When each layer solves another task, there may be.
#
# ## 8 · Low task first, or jointly?
#
# Here all tasks were trained at once. Hashimoto et al. train from low to high: in each epoch first the lowest task, then the next, with a penalty on how far the weights move away from what the task before has left (*successive regularization*). And a pipeline trains the lower task to its end and then freezes it. The package can do both: `train(..., sampling="in_turn", successive_regularization=0.001)`, with the lowest task named first in the plan; or train `role` alone, then `build_model(..., initialize_from={"encoder_1": trained})`.
#
# `role` at encoder_1 once more, few labels above, five seeds and 800 steps. *encoder_1* is the joint training that we know; in *round_robin* each task gets as many batches, and the task changes with every batch; *in_turn* gives them as many, one task after the other within an epoch; *held* adds the penalty, at three strengths.
#
# **Predict.** Beside the joint training: what does *in_turn* change for `relation`, and for `role` itself?

# %% [markdown] lang="zh"
# 深监督并没有把顶上的梯度带下来，而是给下面的层找了别的事做。这对顶上好不好，又回到第 3 节的问题：要看是什么任务。如果八个损失都属于同一个任务，像 Lee 等人那样，就没什么可争的；每层一个不同的任务，就可能争起来。
#
# ## 8 · 先学低层任务，还是一起学？
#
# 这里所有任务都是同时训练的。Hashimoto 等人则从低到高：每一轮先训练最低的任务，再训练更高一级的，权重偏离前一个任务留下的值太远，就要受罚（逐级正则化，successive regularization）。流水线的做法是先把低层任务训练到底，再冻结。两种做法包里都有：`train(..., sampling="in_turn", successive_regularization=0.001)`，方案里把最低的任务写在最前面；或者先单独训练 `role`，再 `build_model(..., initialize_from={"encoder_1": trained})`。
#
# 还是 `role` 放在 encoder_1、上面标签少的情形，五个种子，800 步。encoder_1 就是前面的同时训练；round_robin 里各任务的批次一样多，每个批次换一个任务；in_turn 里也一样多，但一轮之内一个任务学完再学下一个；held 再加上惩罚，有三种强度。
#
# **先预测。** 和同时训练相比，in_turn 使 `relation` 变化多少？使 `role` 自己变化多少？

# %%
turn = lesson.predict_first(relation=..., role=...)
turn

# %%
joint = valid.loc["encoder_1"]
ordered = {
    f"{task}: {arm}": comparing.paired_difference(valid.loc[arm][task], joint[task])
    for task in (*UPPER, "role")
    for arm in TURNS
}
turn.compare(**{task: ordered[f"{task}: in_turn"].mean for task in ("relation", "role")})

# %%
plots.differences(comparing.holm(ordered), language=LANGUAGE)

# %% [markdown] lang="en"
# For `person` and `relation` we cannot tell any of the five from the joint training. (On average `relation` has some points more under four of them, and *round_robin*, which has no order, is one of the four. All give the upper tasks two batches of three, whereas jointly these wait for their few labels to come by. So it looks more like the diet than like the order.) What can be told is what `role` pays: twelve or thirteen points in turn, and the more, the harder it is held. Is it that it gets fewer batches? *round_robin* gives it as few, and there it is three points, which cannot be told. The nine or ten points more are the price of the order: we measure at the end of an epoch, when `role` has had its last batch two turns ago. And the penalty, as we have written it, holds `role` in its own turn as well, so that at 0.1 it learns next to nothing. Hashimoto et al. reported a small gain by their penalty, on another ladder. Here we have not seen `role` help, so there was little to hold on to.
#
# ### Relations between words
#
# In syntax the ladder is an old one: first the part of speech of each word (`pos`), then its relation to the word that it depends on (`deprel`): whether it is the subject of its verb, say, or the object. Hashimoto et al. climb it too. PUD, 1,000 sentences in English and the same ones in Chinese, has labels of both tasks. Lesson 12 has cut it into ten folds and trained for five of them: once its five tasks share everything, once each is alone. That is no cascade, but the question before it: does `deprel` gain by `pos` (and three others) in its trunk? Two claims, one for each language.
#
# **Predict.** By how many points does `deprel` change on test, in English and in Chinese?

# %% [markdown] lang="zh"
# `person` 和 `relation`，五种做法里没有一种能断定和同时训练有差别。（平均来看，其中四种的 `relation` 高几个百分点，没有次序可言的 round_robin 也在其中。它们都把三个批次中的两个给了高层任务，而同时训练时，高层任务要等那不多的标签碰巧出现。所以更像是伙食的缘故，而不是次序。）能判断的是 `role` 付出的：轮流学，少十二三个百分点；管得越紧，少得越多。是因为批次少了吗？round_robin 给它的批次一样少，只低三个百分点，还无法判断。再多出来的九到十个，才是次序的代价：得分在一轮结束时量，那时 `role` 的最后一个批次已是两个任务之前的事。而我们写的这种惩罚，轮到 `role` 自己时也管着它，所以强度到 0.1，它几乎什么也学不到。Hashimoto 等人报告过，在另一架梯子上，他们的惩罚带来了小小的提高。在这里，我们没有看到 `role` 帮上忙，也就没有多少值得守住的。
#
# ### 词与词之间的关系
#
# 在句法里，这架梯子早就有了：先是每个词的词性（`pos`），再是它和所依附的词是什么关系（`deprel`），比如是动词的主语还是宾语。Hashimoto 等人爬的也是这架梯子。PUD 有 1000 个英文句子，以及同样内容的 1000 个中文句子，两个任务的标签都有。PUD 按十折（ten folds）来切，第 12 课在其中五折上训练过：一次五个任务什么都共享，一次各练各的。这还不是级联，而是级联之前的问题：主干里有了 `pos`（和另外三个任务），`deprel` 会更好吗？要检验的结论有两个，每种语言一个。
#
# **先预测。** `deprel` 在测试集上变化多少个百分点，英文和中文各是多少？

# %%
syntax = lesson.predict_first(en=..., zh=...)
syntax

# %%
folds = {
    (corpus, run.header["model"], run.header["seed"]): run.final("test")[["pos", "deprel"]]
    for corpus in ("pud-en", "pud-zh")
    for run in finished.load("12", corpus)
}
folds = pd.DataFrame(folds).T.sort_index()
means = 100 * folds.groupby(level=[0, 1]).mean()
means.round(1)

# %%
relations = {
    f"deprel: {corpus}": comparing.paired_difference(
        *(folds.loc[corpus, model]["deprel"] for model in ("joint", "separate"))
    )
    for corpus in ("pud-en", "pud-zh")
}
relations = comparing.holm(relations)
syntax.compare(**{row.removeprefix("deprel: pud-"): d.mean for row, d in relations.items()})

# %%
plots.differences(relations, language=LANGUAGE)

# %% [markdown] lang="en"
# A tenth of a point less on average in either language, and the intervals reach some two points to either side: we cannot tell, and there is no room for a large gain. `pos` itself is a point lower on average when all share. So in these runs nothing is seen of the ladder. But `pos` stands at the outermost layer here, beside four others. What is missing is section 3 on these sentences: `pos` low, fed upwards, silent, for fold after fold; a second project.
#
# ## 9 · The test part, once
#
# Two findings go to the test: encoder_1 against encoder_3, and what is fed. Each is corrected by itself, over two claims and over four, as on validation. Which of the six differences do you expect to be claimed? Write it down, then run the next cell.

# %% [markdown] lang="zh"
# 两种语言平均都低了 0.1 个百分点，区间向两边各伸出两个百分点左右：无法判断，而且大的提高是放不进去的。什么都共享时，`pos` 自己平均低了一个百分点。所以在这些训练里，看不出梯子的作用。不过，这里的 `pos` 是在最外层监督的，旁边还有四个任务。缺的是在这些句子上再做一遍第 3 节：把 `pos` 放低，把它的回答往上传，让它不出声，一折一折地比；这是第二个小项目。
#
# ## 9 · 测试集，只用一次
#
# 带到测试集上的有两项：encoder_1 对 encoder_3，以及传递的东西。和验证集上一样，各自校正：前者两个结论，后者四个。六个差里，你预计哪几个能作结论？先写下来，再运行下一格。

# %%
last = against("encoder_3", ["encoder_1"], "test") | against(FED, ["fed", "gold"], "test")
{row: difference.in_words(LANGUAGE) for row, difference in last.items()}

# %% [markdown] lang="en"
# `person` with `role` on encoder_1 and `relation` with gold labels are claimed on test, with 12 and 14 points; the other four cannot be told. Corrected as six claims together, only the second would remain: who counts otherwise, claims otherwise, so the count is told beforehand. How to report it: "With 60 labels of `person` and 200 of `relation`, after 800 steps, supervising `role` at the innermost layer is better for `person` than at the outermost, mostly because less is shared; that it is better than not supervising it at all cannot be told. With another helper, `ner`, the innermost layer was the worse one on validation. Nor can it be told that feeding its answers upwards helps; feeding gold labels helps `relation`."
#
# ## In five lines
#
# 1. A plan places each head: a task stands on every level up to its head, and nowhere above. In a convolution, lower also means fewer words to see.
# 2. The lower `role` was supervised, the better for the others, and mostly because less was shared; with `ner` the lower encoders were the worse places. For neither can any depth be told to be better than leaving the helper's loss out. Ask *better than what?*
# 3. A label embedding hands an answer up as a mean of vectors: doubt stays doubt, and the gradient comes back. Whoever listens depends on who speaks.
# 4. Gold labels through the same door were worth 11 points of `relation` on average, and of the answers of `role` no help was seen: measure the upper bound before you build.
# 5. In a tall stack the gradient of the top fades. Deep supervision gives the lower layers losses of their own; it does not bring the top's down.
#
# ## New terms
#
# | term | meaning |
# |---|---|
# | cascade | the answer of a lower task goes into the layers of a higher one |
# | label embedding | a vector for each label; an answer becomes their mean, weighed by probability |
# | gold label | the label in the data, in contrast to what a model answers |
# | stack | each layer solves one task and passes the result on |
# | deep supervision | losses on lower layers as well as on top |
# | vanishing gradient | the gradient of a far loss, multiplied by less than one in each layer |
# | successive regularization | training from low to high tasks, with a penalty for forgetting |
#
# ## Further reading
#
# - A. Søgaard, Y. Goldberg: *Deep multi-task learning with low level tasks supervised at lower layers*. ACL (2016), 231–235.
# - K. Hashimoto, C. Xiong, Y. Tsuruoka, R. Socher: *A Joint Many-Task Model: Growing a Neural Network for Multiple NLP Tasks*. EMNLP (2017), 1923–1933.
# - C.-Y. Lee, S. Xie, P. Gallagher, Z. Zhang, Z. Tu: *Deeply-Supervised Nets*. AISTATS (2015), 562–570.
# - V. Sanh, T. Wolf, S. Ruder: *A Hierarchical Multi-task Approach for Learning Embeddings from Semantic Tasks*. AAAI (2019), 6949–6956. Entities low, relations high.
# - K. He, X. Zhang, S. Ren, J. Sun: *Delving Deep into Rectifiers*. ICCV (2015), 1026–1034.
#
# Next: **lesson 07**, whose loss is loudest?

# %% [markdown] lang="zh"
# 在测试集上，能作结论的是 `role` 在 encoder_1 时的 `person` 和传标准答案时的 `relation`，分别高 12 和 14 个百分点；其余四个无法判断。要是六个结论一起校正，就只剩下后一个：怎么数，就怎么下结论，所以怎么数要事先说好。报告可以这样写：“`person` 有 60 个标签、`relation` 有 200 个，训练 800 步：`role` 放在最里层监督，对 `person` 比放在最外层好，主要因为共享得少；是否比完全不监督它好，无法判断。换一个辅助任务 `ner`，在验证集上则是最里层更差。把它的回答往上传有没有帮助，也无法判断；传标准答案对 `relation` 有帮助。”
#
# ## 五句话小结
#
# 1. 方案决定每个头的位置：从最低层级到头所在的层级，任务都在，再往上就没有它。在卷积里，放低了看到的词也少。
# 2. `role` 监督得越低，对别的任务越好，而且大半是因为共享得少；换成 `ner`，反倒是低处的编码器更差。不管哪一个，都没有一个深度能断定胜过干脆不要辅助任务的损失。要问：**比什么好？**
# 3. 标签嵌入把回答变成向量的平均再往上递：犹豫仍是犹豫，梯度也能回来。谁听，谁就依赖说的那一个。
# 4. 从同一扇门递进标准答案，`relation` 平均高了 11 个百分点，递 `role` 的回答则看不到好处：动手之前，先量上限。
# 5. 叠层一高，顶上的梯度就变弱。深监督给下面的层各自的损失，并没有把顶上的梯度带下来。
#
# ## 新术语
#
# | 术语 | 含义 |
# |---|---|
# | 级联（cascade） | 低层任务的回答，进入高层任务的层里 |
# | 标签嵌入（label embedding） | 每个标签一个向量；回答变成它们按概率加权的平均 |
# | 标准答案（gold label） | 数据里的标签，与模型的回答相对 |
# | 叠层（stack） | 每一层解决一个任务，并把结果往上传 |
# | 深监督（deep supervision） | 除了顶上，下面的层也有损失 |
# | 梯度消失（vanishing gradient） | 远处的损失，它的梯度每过一层就乘上一个小于 1 的数 |
# | 逐级正则化（successive regularization） | 从低到高训练各任务，并惩罚遗忘 |
#
# ## 延伸阅读
#
# - A. Søgaard, Y. Goldberg: *Deep multi-task learning with low level tasks supervised at lower layers*. ACL (2016), 231–235.
# - K. Hashimoto, C. Xiong, Y. Tsuruoka, R. Socher: *A Joint Many-Task Model: Growing a Neural Network for Multiple NLP Tasks*. EMNLP (2017), 1923–1933.
# - C.-Y. Lee, S. Xie, P. Gallagher, Z. Zhang, Z. Tu: *Deeply-Supervised Nets*. AISTATS (2015), 562–570.
# - V. Sanh, T. Wolf, S. Ruder: *A Hierarchical Multi-task Approach for Learning Embeddings from Semantic Tasks*. AAAI (2019), 6949–6956. 实体在低处，关系在高处。
# - K. He, X. Zhang, S. Ren, J. Sun: *Delving Deep into Rectifiers*. ICCV (2015), 1026–1034.
#
# 下一课：**第 07 课**，谁的损失最响？
