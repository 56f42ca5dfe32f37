# %% [markdown] lang="en"
# # Lesson 01 · Tasks and data
#
# **What is a task? What do its labels look like, and which are missing?**
#
# After this lesson you can
#
# 1. turn sentences, and the labels of several tasks, into arrays by hand;
# 2. treat a missing label as missing, and tell a good score from a lazy one;
# 3. split data so that a test score can be believed, and find the leak when it cannot.
#
# *Reading: 45 minutes. Exercises: 25 minutes. All cells together run in under 20 seconds and need less than 0.5 GB of memory.
# You need Python and a little NumPy; no neural network is trained yet.*

# %% [markdown] lang="zh"
# # 第 01 课 · 任务与数据
#
# **什么是任务？它的标签是什么样的，又缺了哪些？**
#
# 学完本课，你能够
#
# 1. 亲手把句子和几个任务的标签变成数组；
# 2. 把缺失的标签当作缺失来处理，并看出一个分数是真本事还是偷懒得来的；
# 3. 划分数据，使测试分数可信；分数不可信时，找出数据从哪里泄漏。
#
# *阅读约 45 分钟，练习约 25 分钟。全部单元格运行不到 20 秒，内存不到 0.5 GB。
# 需要会 Python 和一点 NumPy；本课还不训练神经网络。*

# %% tags=["language"]
LANGUAGE = "en"

# %%
import json
import re
from collections import Counter

import numpy as np
import pandas as pd

from mtl_tutorial import exercises, people

lesson = exercises.lesson("01", LANGUAGE)

# %% [markdown] lang="en"
# ## 1 · One sentence, five questions
#
# In the course's corpus somebody talks about people and things. Here is one of its sentences, with all that was noted about it.

# %% [markdown] lang="zh"
# ## 1 · 一个句子，五个问题
#
# 本课程的语料里，总有一个人在谈论别人和事物。下面是其中一句，以及它带有的全部标注。

# %%
file = people.folder() / LANGUAGE / "train.jsonl"
rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
example = rows[{"en": 3, "zh": 16}[LANGUAGE]]
example

# %% [markdown] lang="en"
# Five questions were put to the sentence:
#
# | task | question | possible answers | one for each |
# |---|---|---|---|
# | `sentiment` | What is the verdict in the end? | negative, neutral, positive | sentence |
# | `person` | What is the person spoken of to the speaker? | family, friend, work, school, neighbor, service | sentence |
# | `relation` | What are the two people named to each other? | none, or one of the six above | sentence |
# | `ner` | Which words name a person, a place, an organization, a product? | `O`, `B-PER`, `I-PER`, `B-LOC`, … | token |
# | `role` | Which words are about the person spoken of, the two people named together, somebody else, the thing? | `O`, `B-SPOKEN`, `I-SPOKEN`, `B-PAIR`, … | token |
#
# That is all a **task** is: a question, a fixed list of answers (its **labels**), and the thing that carries the answer, a sentence or a token.
# *Multi-task* learning puts several questions to the same sentence, and hopes that what helps with one helps with another.
#
# The answers to `ner` are coded: `B-PER` *begins* the name of a person, `I-PER` goes on *inside* it, `O` is *outside* of all names. This is the BIO scheme. (`role` uses it, too. It says where in the sentence to look for `person` and `relation`; later lessons need it, the first ones work with the other four.)
# There is one tag a **token**, so we have to know what a token is. Let us try a simple rule: a run of Latin letters and digits, or any other single character.

# %% [markdown] lang="zh"
# 对这个句子提了五个问题：
#
# | 任务 | 问题 | 可能的答案 | 答案属于 |
# |---|---|---|---|
# | `sentiment` | 说话人最终是褒是贬？ | negative、neutral、positive | 句子 |
# | `person` | 所谈的人是说话人的什么人？ | family、friend、work、school、neighbor、service | 句子 |
# | `relation` | 提到名字的两个人是什么关系？ | none，或上面六种之一 | 句子 |
# | `ner` | 哪些字是人名、地名、机构名、产品名？ | `O`、`B-PER`、`I-PER`、`B-LOC`…… | 词元 |
# | `role` | 哪些字说的是所谈的人、一起提到的两个人、旁人、事物？ | `O`、`B-SPOKEN`、`I-SPOKEN`、`B-PAIR`…… | 词元 |
#
# 所谓**任务**（task），无非就是一个问题、一份固定的答案清单（即**标签**，label），以及答案落在什么上面：句子还是词元。
# **多任务学习**（multi-task learning）就是向同一个句子提几个问题，并指望对一个问题有用的东西对另一个也有用。
#
# `ner` 的答案用了一套记号：`B-PER` 是人名的开头（begin），`I-PER` 在人名内部（inside），`O` 在所有名字之外（outside）。这叫 BIO 标记法。（`role` 也用这套记号，它指出 `person` 和 `relation` 该看句子的哪里。后面的课要用到它；前几课只用另外四个任务。）
# 每个**词元**（token）有一个标记，所以先得说清什么是词元。试一条简单的规则：连续的拉丁字母和数字算一个，其他每个字符各算一个。


# %%
def my_tokens(text):
    return re.findall(r"[A-Za-z0-9]+|[^\sA-Za-z0-9]", text)


tags = [row["ner"].split() for row in rows]
columns = {"token | 词元": my_tokens(example["text"])[:12], "ner": example["ner"].split()[:12]}
pd.DataFrame(columns).T

# %%
misfits = [row for row, t in zip(rows, tags, strict=True) if len(my_tokens(row["text"])) != len(t)]
print(len(misfits), "/", len(rows))

# %% [markdown] lang="en"
# In many English sentences our tokens are not as many as the tags. Look at one of them: the rule tears "mother-in-law" and "aunt's" apart, and each surplus piece moves all later tags to a wrong word.
# (For the Chinese corpus the same rule does: there, nearly every character is a token of its own.)
#
# So the labels of a token task hold for one tokenizer only: that of those who annotated it. Ours is `tokenize` in `mtl_tutorial/text.py`. It is one regular expression too, just a longer one.

# %% [markdown] lang="zh"
# 在中文语料里，这条简单的规则句句都对：几乎每个汉字自成一个词元。
# （在英文语料里它却常常出错：“mother-in-law”“aunt's”会被拆开，多出来的每一块都使后面的标记错位。）
#
# 可见词元级任务的标签只对一种**分词器**（tokenizer）有效，就是标注时所用的那一种。我们的分词器是 `mtl_tutorial/text.py` 里的 `tokenize`：同样是一条正则表达式，只是长一些。

# %%
from mtl_tutorial import tokenize

shown = (misfits or [example])[0]["text"]
print(shown)
print(tokenize(shown))
all(len(tokenize(row["text"])) == len(t) for row, t in zip(rows, tags, strict=True))

# %% [markdown] lang="en"
# ## 2 · Lock the test away first
#
# Suppose we had been given only the first 1,000 sentences. The others are the **future**: sentences that nobody has written yet when we build our model.
# In real life you cannot look into it. Here we can, and in section 6 it will tell us whose score was true.

# %% [markdown] lang="zh"
# ## 2 · 先把测试集锁起来
#
# 假设我们手里只有前 1000 个句子。其余的是**未来**：造模型的时候，这些句子还没有人写出来。
# 现实中谁也看不到未来。在这里却可以：到第 6 节，它会告诉我们谁的分数是真的。

# %%
pile, future = rows[:1000], rows[1000:]

# %% [markdown] lang="en"
# A model is judged by sentences that it has not seen, like a student by questions that were not in the exercise book. So before we count, build or choose anything, 20 % of the pile go into a drawer: the **test** part.
# Of the remaining 80 % one tenth is for **validation**: by it we choose between models, as often as we like. The rest is for **training**.
#
# Why not simply take the last 200? Because files are often sorted, by date, by author, by label. We draw the positions by lot; the seed makes the lot repeatable.

# %% [markdown] lang="zh"
# 评判模型要用它没见过的句子，好比考学生要用练习册上没有的题。所以在计数、建词表、挑模型之前，先把这堆句子的 20% 锁进抽屉：这是**测试集**（test）。
# 余下的 80% 中，十分之一作**验证集**（validation）：要在几个模型之间挑选，就看它，看多少次都行。其余的作**训练集**（training）。
#
# 为什么不干脆取最后 200 句？因为文件往往是排过序的：按日期，按作者，按标签。我们用抽签决定位置；随机种子（seed）使抽签可以重复。

# %%
rng = np.random.default_rng(0)
order = rng.permutation(len(pile))
cut = len(pile) * 8 // 10
valid, train, test = np.split(order, [cut // 10, cut])
print("train", len(train), " valid", len(valid), " test", len(test))

# %% [markdown] lang="en"
# A check that costs one line: every position is in exactly one part.

# %% [markdown] lang="zh"
# 一行代码就能检查：每个位置恰好属于其中一个集合。

# %%
sorted([*train, *valid, *test]) == list(range(len(pile)))

# %% [markdown] lang="en"
# ## 3 · Sentences become numbers
#
# A model computes with numbers. So each token gets a number, its **id**. Which tokens? Those of the training part: the vocabulary is learned from data like everything else, and the test is locked away.

# %% [markdown] lang="zh"
# ## 3 · 句子变成数字
#
# 模型算的是数，所以给每个词元一个**编号**（id）。给哪些词元编号？只给训练集里的：词表（vocabulary）和其他一切一样，是从数据里学来的，而测试集已经锁起来了。

# %%
sentences = [tokenize(row["text"]) for row in pile]
counts = Counter(token for i in train for token in sentences[i])
counts.most_common(8)

# %% [markdown] lang="en"
# **Predict.** The most frequent tokens occur hundreds of times. But what share of the *different* tokens in these sentences occurs only once? Put your guess, between 0 and 1, in place of `...`.

# %% [markdown] lang="zh"
# **先预测。** 最常见的词元出现几百次。可是在这些句子的所有**不同**词元里，只出现一次的占多大比例？用一个 0 到 1 之间的数替换 `...`。

# %%
rare = lesson.predict_first(only_once=...)
rare

# %%
once = sum(n == 1 for n in counts.values()) / len(counts)
rare.compare(only_once=once)

# %% [markdown] lang="en"
# A few tokens fill most of the text, and a long tail of others is hardly ever seen; this holds for every language (Zipf's law). In real texts the tail is longer still: ours were generated from word lists. From one occurrence a model learns next to nothing about a word.
# But it can learn something more useful from all of them together: what to do with a word that it does *not* know. So tokens that occur once share one id, `<unk>` (unknown), and later every new word gets that id too.
# Id 0, `<pad>`, is no word at all; we need it in a moment.

# %% [markdown] lang="zh"
# 少数词元占了文本的大半，其余的拖成一条长尾，难得一见；哪种语言都是这样（齐夫定律，Zipf's law）。真实文本的尾巴还要更长：我们的句子是用词表生成的。只出现一次的词，模型几乎学不到什么。
# 但把这些词合在一起，模型能学到更有用的东西：碰到**不认识**的词该怎么办。所以只出现一次的词元共用一个编号 `<unk>`（未登录词元，unknown），以后遇到的新词元也都用它。
# 编号 0 是 `<pad>`，它不是词，马上就会用到。

# %%
known = sorted((t for t, n in counts.items() if n >= 2), key=lambda t: (-counts[t], t))
ids = {token: i for i, token in enumerate(["<pad>", "<unk>", *known])}
len(ids)

# %%
first = sentences[train[0]]
numbers = [ids.get(token, 1) for token in first]
pd.DataFrame({"token | 词元": first, "id | 编号": numbers}).head(12).T

# %% [markdown] lang="en"
# How much does the vocabulary miss? Compare the part from which it was built with the one that it has never seen.

# %% [markdown] lang="zh"
# 词表漏掉了多少？比一比建词表用的训练集，和词表从没见过的测试集。


# %%
def share_unknown(part):
    return np.mean([token not in ids for i in part for token in sentences[i]])


print(f"train {share_unknown(train):.2%}   test {share_unknown(test):.2%}")

# %% [markdown] lang="en"
# The test has more unknown tokens. That is not a flaw but the truth: the future brings new words. A vocabulary built from *all* sentences would hide it from us.
#
# One thing is left. Sentences differ in length, but an array is a rectangle. So the shorter ones are filled up on the right with `<pad>`; a tiny example first.

# %% [markdown] lang="zh"
# 测试集里未登录的词元更多。这不是缺陷，而是实情：未来总会带来新词。如果用**全部**句子建词表，我们就看不到这一点了。
#
# 还剩一件事。句子有长有短，数组却是矩形的，所以要用 `<pad>` 在右边把短句补齐（padding）。先看一个小例子。

# %%
three = [[5, 6, 7, 8], [9], [5, 9]]
x = np.zeros((len(three), 4), dtype=int)
for line, row in zip(x, three, strict=True):
    line[: len(row)] = row
x

# %% [markdown] lang="en"
# ### Exercise 1 · `encode`
#
# Put the three steps together. `encode(tokens, ids, length)` gives back a row of exactly `length` ids: unknown tokens get 1, a longer sentence is cut at the end, a shorter one filled up with 0.
#
# For all exercises: `check` tells you how far you are, `hint` gives the next hint each time you run it, `solution` shows one way. The lesson goes on even if you leave an exercise for later.

# %% [markdown] lang="zh"
# ### 练习 1 · `encode`
#
# 把三步合起来。`encode(tokens, ids, length)` 返回恰好 `length` 个编号：未登录的词元编号为 1，过长的句子从末尾截断，过短的用 0 补齐。
#
# 所有练习都一样：`check` 告诉你做到了哪一步，`hint` 每运行一次给出下一条提示，`solution` 给出一种解法。先跳过练习，后面的内容也能照常运行。


# %% tags=["exercise"] exercise="encode"
def encode(tokens, ids, length):
    return ...


# %%
lesson["encode"].check(encode)
# lesson["encode"].hint()
# lesson["encode"].solution()

# %% [markdown] lang="en"
# What we have built by hand is called `Vocabulary` in the package, in the same file as `tokenize`; its `encode` takes many sentences at once. Is it really the same? Compare token by token.

# %% [markdown] lang="zh"
# 我们亲手做的这些，在本课程的包里叫 `Vocabulary`，与 `tokenize` 在同一个文件里；它的 `encode` 一次处理许多句子。真的一样吗？逐个词元比一比。

# %%
from mtl_tutorial import Vocabulary

vocabulary = Vocabulary.build([sentences[i] for i in train], min_count=2)
vocabulary.tokens == tuple(ids)

# %%
x = vocabulary.encode(sentences)
x.shape, x[train[0], : len(first)].tolist() == [ids.get(token, 1) for token in first]

# %% [markdown] lang="en"
# ## 4 · Labels become numbers, and some are missing
#
# Labels get ids as well, by their place in the task's list. The package writes a task as `Task(name, kind, labels)`.

# %% [markdown] lang="zh"
# ## 4 · 标签变成数字，而且有些缺失
#
# 标签也要编号，就用它在任务标签表里的位置。包里把任务写成 `Task(name, kind, labels)`。

# %%
tasks = {task.name: task for task in people.tasks() if task.name != "lm"}
tasks["relation"]

# %%
y = {
    name: np.array([tasks[name].labels.index(row[name]) for row in pile])
    for name in ("sentiment", "person", "relation")
}
y["relation"][:10]

# %% [markdown] lang="en"
# Before any model learns, find out what *not* learning is worth. The laziest model looks at no sentence; it always gives the label that is most frequent.
#
# **Predict.** What share of its answers is right, for each task? (For `ner`, count tokens.)

# %% [markdown] lang="zh"
# 在模型学习之前，先看看**什么都不学**值多少分。最懒的模型一句话也不看，永远回答最常见的那个标签。
#
# **先预测。** 对每个任务，它的回答有多大比例是对的？（`ner` 按词元计算。）

# %%
lazy = lesson.predict_first(sentiment=..., person=..., relation=..., ner=...)
lazy

# %%
frequency = {name: pd.Series([pile[i][name] for i in train]).value_counts() for name in y}
frequency["ner"] = pd.Series([tag for i in train for tag in tags[i]]).value_counts()
lazy.compare(**{name: float(n.max() / n.sum()) for name, n in frequency.items()})

# %%
import matplotlib.pyplot as plt

from mtl_tutorial import plots

plt.rcParams["font.family"] = plots.fonts.families()  # Chinese too | 中文也能显示
figure, charts = plt.subplots(1, 4, figsize=(10, 2.6), layout="constrained")
for axes, (name, n) in zip(charts, frequency.items(), strict=True):
    axes.barh(n.index[::-1], n[::-1] / n.sum(), color=plots.task_color(name))
    axes.set(title=name, xlim=(0, 1), xlabel="share | 比例")
plt.show()

# %% [markdown] lang="en"
# `sentiment` and `person` are balanced. `relation` is not quite: *none* is about twice as frequent as any other label. And in `ner` most tokens are `O`: the laziest model has most answers right and has not found a single name.
# That is why `ner` is scored by F1 over whole names and not by the share of right tokens. **A score says something only beside that of the laziest model.**
#
# ### Missing labels
#
# Labels are expensive: somebody has to read the sentence and decide. So it is common that only some sentences carry the label of a task. Say the money lasted for 200 `person` labels.
# We still want an array with one entry a sentence. Which number stands for "nobody looked"? Not 0, that is a label (*family*). In this course it is **-1**.

# %% [markdown] lang="zh"
# `sentiment` 和 `person` 是均衡的。`relation` 不大均衡：*none* 的数量大约是其他每个标签的两倍。而在 `ner` 中，大多数词元都是 `O`：最懒的模型答对了大半，却一个名字也没找到。
# 所以 `ner` 用完整名字的 F1 来评分，而不看词元答对的比例。**一个分数，只有和最懒的模型放在一起才有意义。**
#
# ### 缺失的标签
#
# 标签很贵：得有人读句子、作判断。所以常见的情形是，只有一部分句子带有某个任务的标签。假设经费只够标 200 个 `person` 标签。
# 我们仍然想要每句一个数的数组。“没有人看过”用哪个数表示？不能用 0，那是一个标签（*family*）。本课程用 **-1**。

# %%
y_person = y["person"].copy()
y_person[rng.permutation(len(pile))[200:]] = -1
y_person[:20]

# %% [markdown] lang="en"
# **Predict.** Before, each of the six `person` labels made up about a sixth. The next cell turns the ids back to names and counts them. How often will *service*, the last in the list, be counted among the 1,000? Will Python complain about -1?

# %% [markdown] lang="zh"
# **先预测。** 原来六个 `person` 标签各占六分之一左右。下一个单元格把编号变回名称再计数。在这 1000 句里，清单上最后一个 *service* 会被数到多少次？-1 会让 Python 报错吗？

# %%
naive = lesson.predict_first(service=...)
naive

# %%
names = np.array(tasks["person"].labels)
naive_counts = Counter(names[y_person].tolist())
naive.compare(service=naive_counts["service"])

# %%
print("naive | 想当然", dict(naive_counts))
print("right | 正确", dict(Counter(names[y_person[y_person != -1]].tolist())))

# %% [markdown] lang="en"
# No complaint: in Python, position -1 is the *last* one. So all 800 missing labels were counted as *service*, silently, and a model trained on them would have learned that almost everybody is a hairdresser.
# -1 is a good mark only for those who remove it before they count, average or index. In the package every loss and every score does that; the constant is `MISSING` in `mtl_tutorial/tasks.py`.
#
# Note the difference: *none* in `relation` is an answer ("I looked, there is no relation"), -1 is the lack of one ("nobody looked").

# %% [markdown] lang="zh"
# 没有报错：在 Python 里，位置 -1 指**最后一个**。于是 800 个缺失的标签不声不响地全算成了 *service*；用它们训练，模型会以为几乎人人都是理发师。
# 只有在计数、求平均、取下标之前先把它去掉，-1 才是个好记号。包里的每个损失和每个分数都是这样做的；这个常量是 `mtl_tutorial/tasks.py` 里的 `MISSING`。
#
# 注意区别：`relation` 的 *none* 是一个答案（“看过了，没有关系”），-1 则是没有答案（“没有人看过”）。

# %% [markdown] lang="en"
# ### Exercise 2 · `majority`
#
# Write the laziest model so that it can stand missing labels: `majority(y)` takes an array of label ids, some of them -1, and gives back two numbers: the most frequent label's id, and its share among the sentences that *have* a label.

# %% [markdown] lang="zh"
# ### 练习 2 · `majority`
#
# 写出不怕缺失标签的最懒模型：`majority(y)` 接收一个标签编号的数组，其中有些是 -1；返回两个数：最常见的标签编号，以及它在**有**标签的句子中所占的比例。


# %% tags=["exercise"] exercise="majority"
def majority(y):
    return ...


# %%
lesson["majority"].check(majority)
# lesson["majority"].hint()
# lesson["majority"].solution()

# %% [markdown] lang="en"
# Multi-task data usually look like this picture: every column is a sentence, every row a task, and white is a missing label. Hardly any sentence has all four labels, yet every one has at least one.
# A single-task model for `person` could use 200 sentences. A model that shares layers among tasks learns from all of them.

# %% [markdown] lang="zh"
# 多任务的数据往往像下面这幅图：一列是一个句子，一行是一个任务，白色是缺失的标签。四个标签齐全的句子很少，但每个句子至少有一个标签。
# 只做 `person` 的单任务模型只能用 200 个句子；各任务共享若干层的模型则能从所有句子中学习。

# %%
keep = {"sentiment": 600, "person": 200, "relation": 1000, "ner": 300}
figure, axes = plt.subplots(figsize=(10, 1.8), layout="constrained")
for height, (name, n) in enumerate(keep.items()):
    has_label = np.isin(np.arange(80), rng.permutation(len(pile))[:n])
    axes.bar(np.flatnonzero(has_label), 0.8, 0.8, height, color=plots.task_color(name))
axes.set(yticks=np.arange(4) + 0.4, yticklabels=keep, xlabel="sentence | 句子")
axes.invert_yaxis()
plt.show()

# %% [markdown] lang="en"
# ## 5 · What do two tasks have in common?
#
# Why should a `relation` label help with `person`? Let us measure, without any model, which words *tell* about a task: those after which its label is easiest to guess.
# For every token that stands in 20 sentences or more we count the labels of these sentences and take the share of the commonest one. The 100 tokens with the highest share are the *telling* ones.
# (We use the whole file here: this is a look at the corpus, and no score comes out of it.)

# %% [markdown] lang="zh"
# ## 5 · 两个任务有什么共同之处？
#
# `relation` 的标签凭什么能帮助 `person`？我们不用任何模型，先量一量哪些词**透露**了任务的答案：看见它，标签就最容易猜。
# 对每个至少在 20 个句子里出现的词元，统计这些句子的标签，取最常见标签的比例。比例最高的 100 个词元就是“透露天机”的词元。
# （这里用了整个文件：只是看看语料，不产生任何分数。）

# %%
all_tokens = [sorted(set(tokenize(row["text"]))) for row in rows]


def telling(task, top=100):
    """The tokens whose sentences agree most on the label of the task.
    | 哪些词元所在的句子，在这个任务上的标签最一致。"""
    pairs = pd.DataFrame({"token": all_tokens, "label": [row[task] for row in rows]})
    pairs = pairs.explode("token", ignore_index=True)
    table = pd.crosstab(pairs["token"], pairs["label"])
    table = table[table.sum(axis=1) >= 20]
    share = table.div(table.sum(axis=1), axis=0)
    found = pd.DataFrame({"label": share.idxmax(axis=1), "share": share.max(axis=1)})
    return found.nlargest(top, "share")


tells = {name: telling(name) for name in y}
tells["person"].head(8)

# %% [markdown] lang="en"
# **Predict.** Of the 100 telling tokens, how many have two tasks in common? For comparison: two lists of 100 drawn by lot from all candidates would share about ten.

# %% [markdown] lang="zh"
# **先预测。** 在各自的 100 个词元中，两个任务有多少是共同的？作个参照：如果从所有候选词元里随机抽两份、每份 100 个，大约会有十个相同。

# %%
overlap = lesson.predict_first(person_relation=..., person_sentiment=..., relation_sentiment=...)
overlap


# %%
def in_common(a, b):
    return tells[a].index.intersection(tells[b].index)


common = {
    f"{a}_{b}": len(in_common(a, b))
    for a, b in (("person", "relation"), ("person", "sentiment"), ("relation", "sentiment"))
}
overlap.compare(**common)

# %%
print("person and relation: | person 和 relation：", *in_common("person", "relation")[:14])
for name, label in (("relation", "none"), ("sentiment", "negative"), ("sentiment", "positive")):
    of_label = tells[name][tells[name]["label"] == label]
    print(f"{name}, {label}:", *of_label.index[:14])

# %% [markdown] lang="en"
# `person` and `relation` ask different questions, about different people, but look at the same words: what an aunt, a landlord, a classmate is. Whoever has learned them for one task need not learn them again for the other.
# `sentiment` looks elsewhere: at the words of the verdict. And `relation` has words of its own too, those of *none*: they tell that there is no relation ("mistaken", "taken"), or only that the sentence is of a kind that names no two people (one that begins with "Every time I see" or "Long story short").
#
# Note what this is and what it is not: a reason to *expect* that sharing layers between `person` and `relation` helps, and more so if labels are few. Whether it does is a question for an experiment, and lesson 03 makes it.

# %% [markdown] lang="zh"
# `person` 和 `relation` 问的是不同的问题、不同的人，看的却是同样的词：什么是表姐，什么是房东，什么是同学。（印出来的是单个的字：“级”来自“上级”，“递”来自“快递”，“律”来自“律师”。）为一个任务学会了，另一个任务就不必从头再学。
# `sentiment` 看的是别处：褒贬的话。而 `relation` 也有自己特有的字，就是 *none* 那一行：有的表明两个人没有关系（如“素不相识”的“素”和“识”，“常被当成”的“被”），有的只说明这类句子不会把两个人放在一起提（如问句里的“吗”）。
#
# 要分清这说明了什么、没有说明什么：它让我们有理由**预期**，在 `person` 和 `relation` 之间共享层会有帮助，标签少的时候尤其如此。是否真的如此，要由实验来回答，那是第 03 课的事。

# %% [markdown] lang="en"
# ### Not only the words agree
#
# There is a second thing that the two tasks may have in common: their *labels*. The next cell sets `person` against `relation` in all 6,000 sentences.
#
# **Predict.** Somebody does not read the sentence at all. You tell them its `relation` label, and they bet on the `person` that goes with it most often. What share of the bets is won? (Without that label it would be about a sixth.)

# %% [markdown] lang="zh"
# ### 一致的不只是词
#
# 两个任务还可能有第二样共同的东西：**标签**。下一个单元格把全部 6000 个句子的 `person` 和 `relation` 对照着数一遍。
#
# **先预测。** 有个人根本不读句子，只听你报出它的 `relation` 标签，就押最常与之同现的那个 `person`。他能押中多大比例？（不告诉他这个标签，大约是六分之一。）

# %%
bet = lesson.predict_first(won=...)
bet


# %%
def crossed(rows):
    """How often each `person` (rows) goes with each `relation` (columns).
    | 每个 `person`（行）和每个 `relation`（列）同现多少次。"""
    table = pd.DataFrame(rows)[["person", "relation"]]
    table = pd.crosstab(table["person"], table["relation"])
    return table.loc[list(tasks["person"].labels), list(tasks["relation"].labels)]


cross = crossed(rows)
cross

# %%
won = cross.max().sum() / len(rows)  # of each column the most frequent | 取每一列里最大的数
bet.compare(won=float(won))

# %% [markdown] lang="en"
# More than half are won without a look at the sentence. People talk about their own world: a colleague of mine more often tells of a colleague of somebody's than of an aunt. In this corpus that is built in, and known: 65 % of the pairs are to each other, on purpose, what the person spoken of is to the speaker. It is a knob, `agreement`; here it is turned to 0.

# %% [markdown] lang="zh"
# 不看句子，就能押中一半以上。人们谈论的多是自己的圈子：我的同事说起的，往往是谁的同事，而不是谁的表姐。在本语料里，这是有意设定的，比例也公开：一起提到的两个人，有 65% 特意让他们的关系等于所谈的人与说话人的关系。这是一个旋钮 `agreement`（一致的比例）；下面把它转到 0。

# %%
unrelated = crossed(people.sample(3000, LANGUAGE, seed=0, agreement=0))
unrelated.max().sum() / unrelated.to_numpy().sum()

# %% [markdown] lang="en"
# Now the bet is worth hardly more than a sixth. So when two tasks help each other, ask *what* helped: that they read the same words, or that the answer to one is half the answer to the other. Both are honest gains, but the second is there only as long as the labels agree. (`people.load(LANGUAGE, agreement=0)` grows the whole corpus without it; for the training file as it is, the table stands in the data card, `data/README.md`.)

# %% [markdown] lang="zh"
# 这下押中的比例只比六分之一略高。所以，当两个任务互相帮助时，要问一问帮上忙的是**什么**：是它们读同样的词，还是一个任务的答案本身就给出了另一个任务的一半答案？两种收益都不假，但第二种只在标签一致时才有。（`people.load(LANGUAGE, agreement=0)` 会生成一整套没有这种一致的语料；现有训练集的这张表，也写在数据说明 `data/README.md` 里。）

# %% [markdown] lang="en"
# ## 6 · A score too good to be true
#
# Two teams are given our pile of 1,000 sentences and the task `relation`. Both use the same plain model: how often each token occurs in the sentence (a *bag of words*), and logistic regression on it.
# Both notice that *none* is twice as frequent as the other labels. Team B wants to do something about it, and repeats sentences of the rarer labels until all are equally frequent. This is called *oversampling*, and there is nothing wrong with it as such.

# %% [markdown] lang="zh"
# ## 6 · 好得不像真的分数
#
# 有两个小组，都拿到我们这 1000 个句子和 `relation` 任务。两组用的是同样简单的模型：数一数每个词元在句子里出现几次（词袋，bag of words），再做逻辑回归（logistic regression）。
# 两组都发现 *none* 的数量是其他标签的两倍。乙组想处理一下：把较少的标签的句子重复若干遍，直到各标签一样多。这叫**过采样**（oversampling），方法本身没有错。


# %%
def oversample(y, positions, rng):
    """The positions, those of rarer labels repeated until all labels are equally frequent.
    | 返回位置；标签较少的重复若干遍，直到各标签一样多。"""
    most = np.bincount(y[positions]).max()
    parts = []
    for label in np.unique(y[positions]):
        own = positions[y[positions] == label]
        parts += [own, rng.choice(own, most - len(own))]
    return rng.permutation(np.concatenate(parts))


oversample(np.array([0, 0, 0, 1]), np.arange(4), rng)

# %% [markdown] lang="en"
# Then comes the split, 80/20. Team A (`a` in the code) takes the pile as it is, shuffles it and splits. Team B (`b`) balances first, then shuffles and splits.

# %% [markdown] lang="zh"
# 然后按 80/20 划分。甲组（代码里的 `a`）原样打乱，直接划分；乙组（`b`）先平衡，再打乱、划分。


# %%
def split(positions):
    cut = len(positions) * 8 // 10
    return positions[:cut], positions[cut:]


def team_a(rng):
    return split(rng.permutation(len(pile)))


def team_b(rng):
    return split(oversample(y["relation"], np.arange(len(pile)), rng))


# %%
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from threadpoolctl import threadpool_limits

threadpool_limits(1)  # on tables this small, more threads only wait
# | 表这么小，线程多了只会互相等待
texts = np.array([row["text"] for row in pile])
labels = np.array([row["relation"] for row in pile])


def fit(part):
    model = make_pipeline(CountVectorizer(analyzer=tokenize), LogisticRegression(max_iter=1000))
    return model.fit(texts[part], labels[part])


# %% [markdown] lang="en"
# Each team reports the accuracy on its own test part. We then do what no team can do, and measure both on 1,000 sentences of the future.
#
# **Predict.** Four accuracies between 0 and 1: on their own test part (`test`) and on the future. (The laziest model has about a quarter right.)

# %% [markdown] lang="zh"
# 两组各自报告自己测试集上的准确率（accuracy）。接着我们来做他们做不到的事：拿未来的 1000 个句子去考两个模型。
#
# **先预测。** 写下四个 0 到 1 之间的准确率：`test` 是自己测试集上的，`future` 是“未来”上的。（最懒的模型大约能答对四分之一。）

# %%
scores_first = lesson.predict_first(a_test=..., a_future=..., b_test=..., b_future=...)
scores_first

# %%
new_texts = [row["text"] for row in future[:1000]]
new_labels = [row["relation"] for row in future[:1000]]
results = []
for seed in range(3):
    for name, team in (("a", team_a), ("b", team_b)):
        part, held = team(np.random.default_rng(seed))
        model = fit(part)
        right = model.predict(texts[held]) == labels[held]
        score = {"test": right.mean(), "future": model.score(new_texts, new_labels)}
        results.append({"team": name, "seed": seed, **score})

# %%
table = pd.DataFrame(results).groupby("team")[["test", "future"]].agg(["mean", "std"])
table.round(3)

# %%
mean = table.xs("mean", axis=1, level=1)
scores_first.compare(**{f"{t}_{s}": float(mean.loc[t, s]) for t in "ab" for s in mean})

# %% [markdown] lang="en"
# Team B reports a much higher score; the difference is many times the spread over the three seeds (`std`). But the future treats both teams alike, and it bears A's report out, not B's. Balancing has not changed B's model much. It has spoiled B's *test*.
#
# How? The last model of the loop was team B's. Let us look separately at the test sentences of which a copy was in training, and at the others.

# %% [markdown] lang="zh"
# 乙组报告的分数高得多；差距是三个种子间波动（`std`）的许多倍。可是未来对两组一视同仁，而且证实的是甲组的分数，不是乙组的。平衡没有让乙组的模型变化多少，倒是毁了它的**测试集**。
#
# 怎么会这样？循环里最后一个模型是乙组的。把它的测试句子分成两类来看：在训练集里有副本的，和没有的。

# %%
copied = np.isin(held, part)
sorts = pd.DataFrame({
    "copied | 有副本": copied,
    "right | 答对": right,
    "none": labels[held] == "none",
})
by_copy = sorts.groupby("copied | 有副本")
by_copy.mean().round(3).assign(**{"sentences | 句子数": by_copy.size()})

# %% [markdown] lang="en"
# The row `True` tells it: more than half of B's test had been in the exercise book, answers included. This is **leakage**: something of the test has come into the training. There is never an error message, only a score that is too good.
#
# (The other sentences are no fair sample either: look at the column `none`. That label was never repeated, so all its sentences are among the others. The only honest judge here is the future.)
#
# Where else does it leak? Everything that is computed *from* the data may look at the training part alone:
#
# - **Copies and near-copies**: the same review posted twice; two sentences of one document, one in each part.
# - **Vocabulary**: from all sentences, the test would have far fewer unknown tokens (section 3), and the model would hardly be asked what it does with one.
# - **Choosing**: whoever takes the best of twenty models by their *test* score has made the test part of training. That is what validation is for.
# - **Between tasks**, special to this course: if a sentence is in training for `relation` and in test for `person`, a shared layer has seen it. So we split *sentences*, once, for all tasks.

# %% [markdown] lang="zh"
# 看 `True` 那一行：乙组的考题有一半以上练习册里就有，还附了答案。这就是**数据泄漏**（leakage）：测试集里的东西混进了训练。它从不报错，只给你一个好得过头的分数。
#
# （其余的句子也不是公平的样本，请看 `none` 一列：这个标签从未被重复，所以它的句子全在其余那一类里。这里唯一公正的裁判是未来。）
#
# 还有哪里会泄漏？凡是从数据**算出来**的东西，都只许看训练集：
#
# - **副本和近似副本**：同一条评论发了两遍；同一篇文章的两句话，一边一句。
# - **词表**：若用全部句子建词表，测试集里未登录的词元就会少得多（第 3 节），也就难以知道模型遇到未登录词元会怎样。
# - **挑选**：按**测试**分数从二十个模型里挑最好的，就等于把测试集变成了训练的一部分。挑选要用验证集。
# - **任务之间**，这是多任务特有的：如果一个句子在 `relation` 的训练集里，又在 `person` 的测试集里，共享的层就见过它。所以我们划分的是**句子**，只划分一次，对所有任务都一样。

# %% [markdown] lang="en"
# ### Exercise 3 · `balanced_split`
#
# Team B may keep its idea. Write `balanced_split(y, seed)`, which gives back `train, test`: positions of sentences in `y`. A fifth of the sentences, drawn by lot, is test and stays as it is; in train all labels are equally frequent. You may use `oversample` from above.

# %% [markdown] lang="zh"
# ### 练习 3 · `balanced_split`
#
# 乙组的想法可以保留。请写 `balanced_split(y, seed)`，返回 `train, test`：句子在 `y` 中的位置。随机抽五分之一的句子作测试集，原样不动；训练集里各标签一样多。可以用上文的 `oversample`。


# %% tags=["exercise"] exercise="balanced_split"
def balanced_split(y, seed):
    return ...


# %%
lesson["balanced_split"].check(balanced_split)
# lesson["balanced_split"].hint()
# lesson["balanced_split"].solution()

# %% [markdown] lang="en"
# ## 7 · Keep it, and call it by name
#
# A split that is not kept is drawn again tomorrow, perhaps otherwise. NumPy's `.npz` holds several arrays in one file; we read it back and compare. (`np.load` refuses pickled objects unless told otherwise, and that is good: loading a pickle can run a stranger's code.)

# %% [markdown] lang="zh"
# ## 7 · 保存下来，再看看它在包里叫什么
#
# 划分不保存，明天就得重来，结果也许就不同了。NumPy 的 `.npz` 能把几个数组放进一个文件；写完再读回来比一比。（`np.load` 默认拒绝 pickle 对象，这很好：读取 pickle 可能会运行别人的代码。）

# %%
from pathlib import Path

Path("results").mkdir(exist_ok=True)
kept = {"x": x, **y, "train": train, "valid": valid, "test": test, "tokens": list(ids)}
np.savez_compressed("results/lesson_01.npz", **kept)

with np.load("results/lesson_01.npz") as loaded:
    same = {name: np.array_equal(loaded[name], kept[name]) for name in loaded}
pd.DataFrame(same, index=["same | 相同"])

# %% [markdown] lang="en"
# All of this, tokens, vocabulary, padding, label ids, splits, is done in the package by `MultiTaskData` (`mtl_tutorial/data.py`). It should be no magic any more; does it agree with what you built?

# %% [markdown] lang="zh"
# 词元、词表、补齐、标签编号、划分，这一切在包里由 `MultiTaskData`（`mtl_tutorial/data.py`）完成。现在它应该不再神秘了；它和你亲手做的一致吗？

# %%
from mtl_tutorial import MultiTaskData

parts = {"train": train, "valid": valid, "test": test}
data = MultiTaskData.from_rows(
    {name: [pile[i] for i in part] for name, part in parts.items()}, tasks.values(), min_count=2
)
width = data["test"].inputs.shape[1]
same_inputs = np.array_equal(data["test"].inputs, x[test][:, :width])
same_inputs, all(np.array_equal(data["test"].targets[name], y[name][test]) for name in y)

# %%
few = data.with_labels({"person": 200, "ner": 300})
few.describe().loc["train", ["sentences", "labeled", "missing", "unknown"]].round(3)

# %% [markdown] lang="en"
# `few.save("...")` and `MultiTaskData.load("...")` keep it. From the next lesson on we take the whole corpus, `people.load(LANGUAGE)`. It comes with its own three parts, and its validation and test are harder on purpose: they use many words that training shows seldom.
#
# ## In five lines
#
# 1. A task is a question, a list of labels, and what carries the label: a sentence or a token.
# 2. Split first, by sentence and by lot; vocabulary and everything else computed comes from the training part alone.
# 3. -1 is "nobody looked": remove it before you count, average or index.
# 4. A score stands beside that of the laziest model, and a difference beside the spread over seeds.
# 5. Tasks that look at the same words, or whose labels agree, may help each other; leakage makes no error, only a score that is too good.

# %% [markdown] lang="zh"
# 用 `few.save("...")` 和 `MultiTaskData.load("...")` 保存和读取。从下一课起，我们用整个语料 `people.load(LANGUAGE)`。它自带三个集合，而且验证集和测试集有意更难：其中许多词在训练集里很少见。
#
# ## 五句话小结
#
# 1. 任务就是一个问题、一份标签清单，再加上标签落在什么上面：句子还是词元。
# 2. 先划分，以句子为单位，用抽签；词表和其他一切算出来的东西，只来自训练集。
# 3. -1 表示“没有人看过”：计数、求平均、取下标之前，先把它去掉。
# 4. 分数要和最懒的模型比；差距要和种子之间的波动比。
# 5. 看同样的词、或标签一致的任务，也许能互相帮助；泄漏从不报错，只让分数好得过头。

# %% [markdown] lang="en"
# ## New terms
#
# | term | meaning |
# |---|---|
# | task | a question put to every sentence, with a fixed list of labels |
# | label | one of a task's answers; missing: -1 |
# | token | what a sentence is cut into: a word or a mark, in Chinese mostly a character |
# | BIO | tags for names: begin, inside, outside |
# | vocabulary | the known tokens and their ids; 0 is padding, 1 unknown |
# | padding | filling short sentences up to one length |
# | training, validation, test | to learn from; to choose by; to judge by, once |
# | class balance | how frequent each label is |
# | oversampling | repeating sentences of rare labels |
# | leakage | something of the test has come into the training |
#
# ## Further reading
#
# - R. Caruana: *Multitask Learning*. Machine Learning 28 (1997), 41–75. Where the idea of this course comes from; readable to this day.
# - L. Ramshaw, M. Marcus: *Text Chunking using Transformation-Based Learning*. Third Workshop on Very Large Corpora (1995). The origin of BIO tags.
# - S. Kaufman, S. Rosset, C. Perlich, O. Stitelman: *Leakage in Data Mining: Formulation, Detection, and Avoidance*. ACM TKDD 6 (2012).
# - S. Kapoor, A. Narayanan: *Leakage and the Reproducibility Crisis in Machine-Learning-Based Science*. Patterns 4 (2023). What leakage has done to published results.
#
# Next: **lesson 02**, one model for each task.

# %% [markdown] lang="zh"
# ## 新术语
#
# | 术语 | 含义 |
# |---|---|
# | 任务（task） | 对每个句子提的一个问题，配一份固定的标签清单 |
# | 标签（label） | 任务的一个答案；缺失时为 -1 |
# | 词元（token） | 句子切成的单位：中文里多为单个汉字，英文里是词或标点 |
# | BIO | 名字的标记法：开头、内部、外部 |
# | 词表（vocabulary） | 认识的词元及其编号；0 是补齐，1 是未登录词元 |
# | 补齐（padding） | 把短句补到同样的长度 |
# | 训练集、验证集、测试集（training, validation, test） | 用来学习；用来挑选；用来评判，只用一次 |
# | 类别均衡（class balance） | 各标签出现得有多频繁 |
# | 过采样（oversampling） | 重复标签较少的句子 |
# | 数据泄漏（leakage） | 测试集里的东西混进了训练 |
#
# ## 延伸阅读
#
# - R. Caruana: *Multitask Learning*. Machine Learning 28 (1997), 41–75. 本课程思想的源头，今天读来仍不费力。
# - L. Ramshaw, M. Marcus: *Text Chunking using Transformation-Based Learning*. Third Workshop on Very Large Corpora (1995). BIO 标记法的出处。
# - S. Kaufman, S. Rosset, C. Perlich, O. Stitelman: *Leakage in Data Mining: Formulation, Detection, and Avoidance*. ACM TKDD 6 (2012).
# - S. Kapoor, A. Narayanan: *Leakage and the Reproducibility Crisis in Machine-Learning-Based Science*. Patterns 4 (2023). 看看数据泄漏让多少已发表的结果落了空。
#
# 下一课：**第 02 课**，每个任务一个模型。
