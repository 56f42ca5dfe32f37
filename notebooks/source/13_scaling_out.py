# %% [markdown] lang="en"
# # Lesson 13 · Scaling out
#
# **A hundred runs: all cores, then a cluster. What survives when something is killed, and what would ten machines bring?**
#
# After this lesson you can
#
# 1. write a hundred trainings as one sentence, and run them on two processes, a cluster or in the notebook, with the same table from each;
# 2. pull the plug on a sweep in the middle, and say what is lost, what is not, and why;
# 3. measure where the time of a run goes, and work out what ten machines would bring and where they stop helping.
#
# *Reading: 40 minutes. Exercises: 35 minutes. All cells together run in under 45 seconds and need less than 1.1 GB of memory.
# It builds on lesson 09 (why one run is not enough). Section 3 starts a cluster if Dask is there, and goes on without one if not.*

# %% [markdown] lang="zh"
# # 第 13 课 · 从一台机器到集群
#
# **一百次训练：先用上所有的核，再上集群。有东西被杀掉，什么留得下来？十台机器能带来什么？**
#
# 学完本课，你能够
#
# 1. 用一句话写下一百次训练，放到两个进程、集群或笔记本里运行，得到同一张表；
# 2. 在批量训练的中途拔掉插头，说清楚丢了什么、没丢什么，以及原因；
# 3. 量出一次训练的时间花在哪里，算出十台机器能带来什么，到哪里就不再有用。
#
# *阅读约 40 分钟，练习约 35 分钟。全部单元格运行不到 45 秒，内存不到 1.1 GB。
# 需要先学第 09 课（为什么一次训练不够）。第 3 节在装有 Dask 时启动一个集群，没有装也能继续。*

# %% tags=["language"]
LANGUAGE = "en"

# %%
import hashlib
import json
import logging
import math
import multiprocessing
import os
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import psutil  # comes with Jupyter | 随 Jupyter 一起安装

# %%
from mtl_tutorial import SharingPlan, exercises, plots, tabulate
from mtl_tutorial.experiment import Experiment
from mtl_tutorial.experiments import LOGS, ONE_THREAD, grid, run_all
from mtl_tutorial.lessons import lesson_13
from mtl_tutorial.processes import Processes

lesson = exercises.lesson("13", LANGUAGE)
os.environ.update(ONE_THREAD)
plt.rcParams["font.family"] = plots.fonts.families()  # Chinese too | 中文也能显示

# %% [markdown] lang="en"
# ## 1 · One sentence, one grid
#
# Two sides of a comparison, five seeds each, five amounts of labels, two languages: a hundred trainings, and nothing has been tuned yet. Nobody starts those by hand, and five loops inside each other are no better: what has been run, what is still missing, what was it called?
#
# So say first what you want, as a sentence: *alone and sharing, in both languages, with 30 to 600 labels of `person`, over five seeds each.* Then write exactly that:

# %% [markdown] lang="zh"
# ## 1 · 一句话，一个网格
#
# 比较有两方，各用五个种子，五种标签数量，两种语言：一百次训练，而调参还没有开始。没有人会一次次手动启动；五层循环套在一起也好不到哪里去：哪些跑过了，哪些还缺，结果叫什么名字？
#
# 所以，先用一句话说出想要什么：**单独学和一起学，两种语言，`person` 有 30 到 600 个标签，各用五个种子。** 然后照着写成**网格**（grid）：

# %%
pair = ("person", "relation")
plans = [SharingPlan.separate(pair), SharingPlan.hard(pair)]
labels = [{"person": n} for n in (30, 60, 120, 300, 600)]
hundred = grid(
    Experiment("pair", pair), plan=plans, corpus=["zh", "en"], labels=labels, seed=range(5)
)
len(hundred)

# %% [markdown] lang="en"
# Nothing has been trained. An `Experiment` is plain data: fields with numbers and words in them, which cannot be changed afterwards. Such a thing can be counted, compared, sent to another machine; and it can be given a **key**, a name that says what it is and changes with every detail:

# %% [markdown] lang="zh"
# 什么都还没有训练。`Experiment` 只是数据：一些字段，里面是数字和词，写下以后不能再改。这样的东西可以数、可以比较、可以发给另一台机器；还可以有一个**键**（key），也就是一个说明它是什么、任何细节一变就跟着变的名字：

# %%
[hundred[0].key, hundred[1].key, len({experiment.key for experiment in hundred})]

# %% [markdown] lang="en"
# The key is the file's name of the finished run. That is the whole trick of this lesson: *what is missing* is then a question to a folder, not to anybody's memory. No list of jobs, no database, no "done" flag that could lie.
#
# The odd ten characters at the end are the beginning of a **digest**: 64 hexadecimal digits that are computed from a text of any length. Let one character of the text change, and it is another number altogether:

# %% [markdown] lang="zh"
# 训练完的结果，文件就以键为名。这一课的诀窍全在这里：**还缺哪些**，问文件夹就知道，不用靠谁的记性。没有任务清单，没有数据库，没有会撒谎的“已完成”标志。
#
# 末尾那十个怪字符，是一个**摘要**（digest）的开头：由任意长的文本算出的 64 位十六进制数。文本里改动一个字符，它就面目全非：

# %%
for details in ({"labels": 60, "seed": 0}, {"labels": 60, "seed": 1}):
    written = json.dumps(details)
    print(written, hashlib.sha256(written.encode()).hexdigest())

# %% [markdown] lang="en"
# ### Exercise 1 · `name_of`
#
# Write `name_of(details)` for a dictionary of plain data (strings, numbers, lists, dictionaries, `None`): at most 40 letters, digits, `-` or `_`; the same for equal details in every process and on every machine, in whatever order a dictionary's entries were written; another one with every detail.

# %% [markdown] lang="zh"
# ### 练习 1 · `name_of`
#
# 请写 `name_of(details)`。`details` 是一个字典，里面只有普通的数据（字符串、数、列表、字典、`None`）。名字最多 40 个字符，只用字母、数字、`-` 和 `_`；内容相等，则在任何进程、任何机器上名字都一样，不管字典各项按什么次序写；任何一个细节变了，名字也变。

# %% tags=["exercise"] exercise="name_of"
name_of = ...

# %%
lesson["name_of"].check(name_of)
# lesson["name_of"].hint()
# lesson["name_of"].solution()

# %% [markdown] lang="en"
# ## 2 · All cores, and the plug
#
# A hundred trainings take an hour or so. For the rest of this lesson we take six that take seconds: *`person` with 60 and with 600 labels, over three seeds each*, 30 steps. So short a training says nothing about labels. We ask one thing only of it: is the table the same, wherever it was run and whatever happened?

# %% [markdown] lang="zh"
# ## 2 · 所有的核，还有插头
#
# 一百次训练要个把小时。本课接下来只用六次、每次几秒的：**`person` 有 60 个和 600 个标签，各用三个种子**，训练 30 步。这么短的训练，关于标签什么也说明不了。我们只问它一件事：不管在哪里运行、出了什么事，表都一样吗？

# %%
base = Experiment(
    "alone", ("person",), corpus=LANGUAGE, encoder="mlp", epochs=1, steps_per_epoch=30
)
experiments = grid(base, labels=[{"person": 60}, {"person": 600}], seed=range(3))
len(experiments)

# %% [markdown] lang="en"
# `run_all(experiments, folder, workers=2)` starts two **workers**, processes of their own; by rule of thumb one for each core, and not more than fit into memory. The process that calls it is the **driver**: it hands out experiments, takes in runs, writes files. Three decisions are hidden in there:
#
# - *Processes, not threads*: section 6.
# - *One thread each* (`ONE_THREAD`, set above for this notebook, too). A network as small as ours is not worth being cut up; two trainings side by side are. And with another number of threads a sum may be added up in another order, and its last digit be another one.
# - *Started afresh* (`spawn`), not copied from the driver (`fork`), which TensorFlow does not survive.
#
# Usually the driver is this notebook. Now we want to kill it, so it gets a process of its own. `kill` sends the signal 9 that no program can catch (Windows has its like): no `except`, no `finally`, no goodbye.
#
# **Predict.** Two of six runs are finished, two are being trained, and we pull the plug. How many half-written runs are in the folder afterwards? How many runs that had been finished are lost? How many processes go on computing for nobody?

# %% [markdown] lang="zh"
# `run_all(experiments, folder, workers=2)` 启动两个**工作进程**（worker）；按经验每个核一个，但不要多到内存装不下。调用它的进程是**主控进程**（driver）：分发实验，收回结果，写文件。这里藏着三个决定：
#
# - **用进程，不用线程**：见第 6 节。
# - **每个进程一个线程**（`ONE_THREAD`，上面给这个笔记本也设了）。我们的网络这么小，不值得切开来算；两次训练并排着算才值得。而且线程数一变，求和的次序可能就变，最后一位数字也就可能不同。
# - **从头启动**（`spawn`），而不是从主控进程复制（`fork`），TensorFlow 经不起复制。
#
# 平时，主控进程就是这个笔记本。现在我们要杀掉它，所以让它另开一个进程。`kill` 发出的是 9 号信号，任何程序都拦不住（Windows 上也有类似的办法）：没有 `except`，没有 `finally`，没有告别。
#
# **先预测。** 六次训练完成了两次，另有两次正在进行，这时拔掉插头。文件夹里会有几个写了一半的结果？已经完成的会丢几个？还有几个进程在白白地算？

# %%
plug = lesson.predict_first(half=..., lost=..., going_on=...)
plug

# %%
folder = Path(tempfile.mkdtemp(), "runs")
afresh = multiprocessing.get_context("spawn")
driver = afresh.Process(target=run_all, args=(experiments, folder), kwargs={"workers": 2, "progress": False})
driver.start()
seen = set()
while driver.is_alive() and len(seen) < 2:  # until two runs are finished | 直到完成两次训练
    time.sleep(0.05)
    seen = set(folder.glob("*.csv"))
children = psutil.Process(driver.pid).children(recursive=True)
driver.kill()
driver.join()
_, orphans = psutil.wait_procs(children, timeout=60)

# %%
from mtl_tutorial import Run

finished = {file: file.read_bytes() for file in sorted(folder.glob("*.csv"))}
whole = [Run.load(file).final("test")["person"] for file in finished]  # an error if it is half | 写了一半就会报错
plug.compare(half=len(finished) - len(whole), lost=len(seen - set(finished)), going_on=len(orphans))

# %%
sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))

# %% [markdown] lang="en"
# Every file that bears a run's name is a whole run. What is lost is what was being computed: at most one run for each worker, here two of a few seconds. The workers have ended, too: each of them has a thread that waits for nothing but its driver's end (`mtl_tutorial/processes.py`).
#
# Why is there no half file? The kill comes when it likes, also in the middle of writing. The secret is in how a file is written, and it is yours to find out.
#
# ### Exercise 2 · `keep`
#
# `keep(file, parts)` writes the strings in `parts`, one after another, so that under the name `file` (a `Path`) there stands at any moment either what stood there before, or all of it. Whoever takes up the work looks for `*.csv` in that folder. It gives back `file`. The check pulls the plug while your function works.

# %% [markdown] lang="zh"
# 凡是顶着结果名字的文件，都是完整的结果。丢掉的，是正在算的：每个工作进程最多一次，这里就是两次、各几秒。工作进程也都结束了：每个进程里都有一个线程，别的不干，专等它的主控进程结束（`mtl_tutorial/processes.py`）。
#
# 为什么没有写了一半的文件？什么时候被杀，由不得你，也可能正写到一半。奥妙在于文件怎么写，这要由你来找到。
#
# ### 练习 2 · `keep`
#
# `keep(file, parts)` 把 `parts` 里的字符串依次写下来，使得在任何时刻，`file`（一个 `Path`）这个名字之下，要么是原来的内容，要么是全部新内容。接手的人会在这个文件夹里找 `*.csv`。最后返回 `file`。检查会在你的函数工作时拔掉插头。

# %% tags=["exercise"] exercise="keep"
keep = ...

# %%
lesson["keep"].check(keep)
# lesson["keep"].hint()
# lesson["keep"].solution()

# %% [markdown] lang="en"
# ## 3 · Taken up, on a cluster
#
# A **cluster** is processes again, only on other machines. Dask is a library that starts them and sends them work: a *scheduler* knows who is free; *workers* do it; and a *client*, here in the notebook, hands in. What matters for us is one line of it: `client.get_executor()` gives an **executor**, the thing with `submit(function, …)` that Python's standard library has known since 3.2. `run_all` knows no cluster. It knows executors.
#
# Below, a cluster on this machine, of one worker, for the sake of memory. A real one differs by what stands in the brackets, `Client("tcp://its-address:8786")`, after `dask scheduler` has been called on one machine and `dask worker tcp://its-address:8786 --nworkers 8 --nthreads 1` on each of the others, with eight cores say, all with the same versions of everything. If Dask is not installed, the next cell says so and takes `Processes(1)` instead, which is an executor just the same.

# %% [markdown] lang="zh"
# ## 3 · 在集群上接着算
#
# **集群**（cluster）也还是进程，只不过在别的机器上。Dask 是一个程序库，负责启动它们、给它们派活：**调度器**（scheduler）知道谁有空，工作进程干活，客户端（client）在笔记本这边交任务。对我们要紧的只有一行：`client.get_executor()` 给出一个**执行器**（executor），就是 Python 标准库从 3.2 起就有的、带 `submit(function, …)` 的那种东西。`run_all` 不认识集群，它只认识执行器。
#
# 下面在本机上启动一个集群，为了省内存，只有一个工作进程。真正的集群，不同的只是括号里的内容：`Client("tcp://地址:8786")`；在此之前，要在一台机器上运行 `dask scheduler`，在其余每台上运行 `dask worker tcp://地址:8786 --nworkers 8 --nthreads 1`（假定每台八个核），所有软件的版本都要一致。如果没有装 Dask，下一个单元格会说明，并改用 `Processes(1)`；它同样是执行器。

# %%
if find_spec("distributed"):
    import dask
    from distributed import Client

    # Freed memory is kept: given back at once, a training takes longer. | 释放的内存先留着：马上交还，训练会变慢。
    dask.config.set({"distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": None})
    local = {"n_workers": 1, "threads_per_worker": 1, "dashboard_address": ":0"}
    cluster = Client(**local, silence_logs=logging.ERROR)
    executor, close = cluster.get_executor(), cluster.close
else:
    how = '%pip install "dask[distributed]"'
    print(f"Skipped: Dask is not here ({how}); a process instead. | 跳过：没有 Dask（{how}），改用一个进程。")
    executor = Processes(1)
    close = executor.shutdown

# %%
on_cluster = run_all(experiments, folder, progress=False, executor=executor)
untouched = all(file.read_bytes() == content for file, content in finished.items())
len(on_cluster), untouched

# %% [markdown] lang="en"
# Six runs, and those of the killed driver are untouched, byte by byte. Who trained what stands in the logs, a file a run, where everything goes that a training says:

# %% [markdown] lang="zh"
# 六次训练齐了，被杀的那个主控进程留下的文件，一个字节都没动。谁训练了哪一个，日志里有：每次训练一个文件，训练时说的话都在里面：

# %%
def said(experiment):
    """The first line of a log. | 日志的第一行。"""
    return (folder / LOGS / f"{experiment.key}.log").read_text("utf-8").splitlines()[0]


before, after = "before the kill | 被杀之前", "taken up | 接着算的"
rows = {e.key: [after if folder / f"{e.key}.csv" not in finished else before, said(e)] for e in experiments}
pd.DataFrame.from_dict(rows, orient="index", columns=["when | 何时", "log | 日志"])

# %% [markdown] lang="en"
# Before the cluster is closed, two measurements for later: how much memory does a worker take, and how much of the driver's time does one job cost if there is nothing to do in it?

# %% [markdown] lang="zh"
# 关掉集群之前，先量两样以后要用的：一个工作进程占多少内存？一件什么也不用做的活，要花主控进程多少时间？

# %%
others = psutil.Process().children(recursive=True)
worker_memory = max(process.memory_full_info().uss for process in others) / 1e9  # its own | 它独占的
began = time.process_time()
list(executor.map(math.sqrt, range(200)))
handing_out = (time.process_time() - began) / 200
close()
print(f"{worker_memory:.2f} GB, {1000 * handing_out:.1f} ms")

# %% [markdown] lang="en"
# ## 4 · Where the time goes
#
# Third place: this process. TensorFlow has not even been imported here yet. So let us do by hand what a worker does, with a watch: import, read the data, build the model, take the first step, take the others, evaluate. Twice, for a worker takes one run after another.
#
# The watch counts *CPU seconds*: what the processor did for us, hardly disturbed by what else the machine is busy with.
#
# **Predict** for the first run: which share of it (in %) is over before the model exists? And which of the five parts is largest in the second run?

# %% [markdown] lang="zh"
# ## 4 · 时间花在哪里
#
# 第三个地方：就在这个进程里。这里连 TensorFlow 都还没有导入。所以我们拿着表，亲手做一遍工作进程做的事：导入，读数据，建模型，走第一步，走其余的步，评估。做两遍，因为工作进程是一次接一次地训练的。
#
# 表计的是 **CPU 秒**：处理器为我们做了多少，机器还在忙别的什么，影响不大。
#
# **先预测。** 第一次训练里，有百分之几的时间在模型存在之前就过去了？第二次训练里，五部分中哪一部分最大（build、first step、other steps、evaluation 或 data）？

# %%
guess = lesson.predict_first(percent_before_the_model=..., largest=...)
guess

# %%
watch = [("", "", time.process_time())]


def lap(run, part):
    """Note when a part of a run is over. | 记下一部分结束的时刻。"""
    watch.append((run, part, time.process_time()))


from mtl_tutorial import build_model, evaluate
from mtl_tutorial.pipeline import batches

lap("first", "import")

# %%
for run in ("first", "second"):
    data = base.data()
    lap(run, "data")
    model = build_model(data, architecture=base)
    model.compile()
    lap(run, "build")
    for part, steps in (("first step", 1), ("other steps", 29)):
        model.fit(batches(data["train"], ["person"], 32, seed=0, steps=steps), shuffle=False, verbose=0)
        lap(run, part)
    evaluate(model, data, "valid"), evaluate(model, data, "test")
    lap(run, "evaluation")

# %%
laps = pd.DataFrame(watch, columns=["run", "part", "seconds"])
laps["seconds"] = laps["seconds"].diff()
spent = laps.pivot_table("seconds", "part", "run").fillna(0.0)
spent = spent.loc[["import", "data", "build", "first step", "other steps", "evaluation"]]
start = spent.loc[["import", "data"], "first"].sum()
share = 100 * start / spent["first"].sum()
guess.compare(percent_before_the_model=float(share), largest=spent["second"].idxmax())

# %%
words = {
    "import": "import | 导入", "data": "data | 读数据", "build": "build | 建模型",
    "first step": "first step | 第一步", "other steps": "29 more steps | 另外 29 步", "evaluation": "evaluation | 评估",
}  # fmt: skip
shown = spent.rename(words).T.rename({"first": "first run | 第一次训练", "second": "second | 第二次"})
colors = ["#1F2D3D", "#44617B", "#B4CBDD", "#D55E00", "#009E73", "#E69F00"]
ax = shown.plot.barh(stacked=True, color=colors, figsize=(8.5, 2.4))
ax.invert_yaxis()
ax.set_xlabel("CPU seconds | CPU 秒")
ax.set_ylabel("")
ax.legend(frameon=False, ncols=3, bbox_to_anchor=(0, 1), loc="lower left")
plt.show()

# %% [markdown] lang="en"
# Read the picture from the right. What we wanted, thirty steps, is a thin stripe. The *first step* takes longer than all the others together, since before it TensorFlow follows our Python once and turns it into a graph, which is called **tracing**; every new model is traced anew. Evaluation has a graph of its own. And dark, at the left, what a process pays once in its life: importing, reading the data.
#
# Hence a rule that costs nothing: never start a fresh `python train.py` for each seed in a shell loop if runs are short. It pays the dark part every time; a worker pays it once. (It also follows that longer trainings make all of this negligible. Compute before you tune.)
#
# Now the referee: the same six runs, all here, nobody killed, in a folder of their own.

# %% [markdown] lang="zh"
# 从右边开始看这张图。我们真正要的三十步，只是很薄的一条。**第一步**比其余所有的步加起来还久，因为在这之前，TensorFlow 要把我们的 Python 走一遍，变成计算图，这叫**跟踪**（tracing）；每个新模型都要重新跟踪。评估也有自己的计算图。左边深色的，是一个进程一生只付一次的：导入，读数据。
#
# 由此得到一条不花钱的规矩：训练很短的时候，不要在 shell 循环里给每个种子都启动一次 `python train.py`。深色的部分它每次都要付，工作进程只付一次。（由此也可知，训练一长，这些就都微不足道了。先算一算，再去优化。）
#
# 现在请裁判出场：同样的六次训练，全在这里，谁也没有被杀，另放一个文件夹。

# %%
began = time.process_time()
here = run_all(experiments, folder.with_name("here"), progress=False)
one_run = (time.process_time() - began) / len(experiments)
tables = [tabulate(runs, ["labels"]) for runs in (on_cluster, here)]
tables[0].equals(tables[1]), len(tables[0])

# %% [markdown] lang="en"
# `True`: every row, every value, to the last bit. Begun by two processes whose driver was killed, taken up by a cluster, run again in the notebook: one table. (The *files* differ in their headers: by the seconds of the clock, and by the running number that Keras gives each optimizer of a process.) What this needs is: the seed is all that is random; one thread; the same versions; and the same kind of processor. A machine with other vector units may round the last digit otherwise. The table then is equally *true*, but not equal.

# %% [markdown] lang="zh"
# `True`：每一行，每个值，直到最后一个比特。由两个进程开始，主控进程被杀，集群接着算，再在笔记本里重算一遍：同一张表。（**文件**只有文件头不同：钟表上的秒数，还有 Keras 给一个进程里各个优化器编的号。）要做到这一点，需要：除了种子，没有别的随机；一个线程；版本相同；处理器的型号也相同。换一台向量部件不同的机器，最后一位可能舍入得不一样。那张表同样**真实**，只是不再完全相同。

# %%
pivot = tables[0].query("split == 'test' and metric == 'accuracy'")
pivot.pivot_table("value", "seed", "labels").rename_axis(columns="labels of person | person 的标签数")

# %% [markdown] lang="en"
# `tabulate` puts runs into one pandas table, with entries of their headers as columns; `to_tensorboard(run, folder)` writes their curves for TensorBoard. And do not read anything into these numbers: 30 steps.
#
# ## 5 · Ten machines, on paper
#
# Ten machines with eight cores each: 80 workers. What would they bring? Before one asks for money or queues for a cluster, one multiplies.
#
# ### Exercise 3 · `seconds_needed`
#
# All workers begin at once and need `start` seconds before their first run (the dark part). Then each takes one run after another, of `run` seconds. The driver spends `handling` seconds on each run, one run after another, while the workers go on; the slower side decides. Write `seconds_needed(runs, workers, start, run, handling)`.

# %% [markdown] lang="zh"
# `tabulate` 把各次训练放进一张 pandas 表，文件头里的内容可以作为列；`to_tensorboard(run, folder)` 为 TensorBoard 写下曲线。这些数字本身，请不要当真：才 30 步。
#
# ## 5 · 纸上的十台机器
#
# 十台机器，每台八个核：80 个工作进程。它们能带来什么？申请经费、排队上集群之前，先做做乘法。
#
# ### 练习 3 · `seconds_needed`
#
# 所有工作进程同时启动，第一次训练之前要 `start` 秒（深色的部分）。然后各自一次接一次地训练，每次 `run` 秒。主控进程为每次训练花 `handling` 秒，一次一次地来，这期间工作进程照常进行；由慢的一方决定。请写 `seconds_needed(runs, workers, start, run, handling)`。

# %% tags=["exercise"] exercise="seconds_needed"
seconds_needed = ...

# %%
lesson["seconds_needed"].check(seconds_needed)
# lesson["seconds_needed"].hint()
# lesson["seconds_needed"].solution()

# %% [markdown] lang="en"
# Now with what was measured here. `handling` is what handing out costs, and writing the file, which we time on one of the runs.
#
# **Predict.** A hundred runs as short as ours. How many times as fast as one worker are 80 (the **speed-up**)? And how many workers are enough to be exactly as fast as 80?

# %% [markdown] lang="zh"
# 现在代入这里量到的数。`handling` 是分发的时间，加上写文件的时间；后者拿其中一次训练来量。
#
# **先预测。** 一百次和我们一样短的训练，80 个工作进程的速度是一个的几倍（**加速比**，speed-up）？要和 80 个恰好一样快，多少个工作进程就够了？

# %%
ten = lesson.predict_first(speed_up=..., as_fast_as_80=...)
ten

# %%
began = time.process_time()
for _ in range(20):
    here[0].save(folder / "again.part")
handling = handing_out + (time.process_time() - began) / 20


def speed_up(runs, workers, run):
    """How many times as fast as one worker. | 速度是一个工作进程的几倍。"""
    alone, together = (lesson_13.seconds_needed(runs, w, start, run, handling) for w in (1, workers))
    return alone / together


enough = next(w for w in range(1, 81) if speed_up(100, w, one_run) == speed_up(100, 80, one_run))
ten.compare(speed_up=float(speed_up(100, 80, one_run)), as_fast_as_80=enough)

# %%
workers = np.unique(np.geomspace(1, 2_000, 400).astype(int))
cases = {
    "100 runs as here | 100 次，和这里一样短": (100, one_run),
    "100 runs of ten minutes | 100 次，每次十分钟": (100, 600.0),
    "100,000 runs as here | 10 万次，和这里一样短": (100_000, one_run),
}
fig, ax = plt.subplots(figsize=(7, 4), layout="constrained")
ax.set_prop_cycle(color=["#D55E00", "#0072B2", "#009E73"])
ax.loglog(workers, workers, "--", color="gray", lw=1)
for name, (runs, run) in cases.items():
    ax.loglog(workers, speed_up(runs, workers, run), label=name)
ax.axvline(80, color="gray", ls=":", lw=1)
ax.set(xlabel="workers; dotted: 80 | 工作进程数；点线：80", ylabel="speed-up | 加速比", ylim=(1, 2000))
ax.legend(frameon=False, loc="upper left")
plt.show()

# %% [markdown] lang="en"
# Three curves, three stops.
#
# - **The start.** A hundred short runs: the curve leaves the dashed line early. What every worker has to do before its first run cannot be shared. With 80 workers little more than start is left. That is **Amdahl's law** (1967): if a share $s$ of the work cannot be divided, no number of workers brings more than $1/s$.
# - **The last round.** The stairs. A hundred runs on 80 workers take two rounds, and the second is three quarters empty; 50 workers are exactly as fast and cost less. From 100 on nothing changes. Ten minutes a run make the start vanish; the stairs stay.
# - **The driver.** A hundred thousand short runs never run out, but one process has to hand them out and write them down. Beyond `run / handling` workers the others wait for it.
#
# Amdahl asks how fast a *fixed* job becomes. **Gustafson** (1988) turned that round: who gets more machines asks more. With ten runs *for each worker*, the share that the start takes stays the same, however many workers there are (up to the driver's limit). Some figures, for here:

# %% [markdown] lang="zh"
# 三条曲线，三道坎。
#
# - **启动。** 一百次短训练：曲线很早就离开了虚线。每个工作进程在第一次训练之前要做的事，没法分摊。到 80 个的时候，剩下的几乎只有启动。这就是 **Amdahl 定律**（1967）：如果有占比 $s$ 的工作不能分，工作进程再多，也快不过 $1/s$ 倍。
# - **最后一个回合。** 那些台阶。一百次训练、80 个工作进程，要两个回合，第二回合四分之三是空的；50 个恰好一样快，还更便宜。到 100 个以后，就什么也不变了。每次十分钟，启动就可以忽略；台阶还在。
# - **主控进程。** 十万次短训练怎么分都分不完，可分发和写文件的只有一个进程。超过 `run / handling` 个，别人就得等它。
#
# Amdahl 问的是：一件**固定**的活能变多快。**Gustafson**（1988）反过来想：机器多了，人就会问更大的问题。如果**每个工作进程**都有十次训练，不管有多少个（直到主控进程的极限），启动所占的比例不变。在这里，几个数是这样的：

# %%
by_hand = {
    "any number of workers, 100 runs as here | 工作进程不限，100 次，和这里一样短": speed_up(100, 10**6, one_run),
    "10 runs a worker, 80 workers | 每个工作进程 10 次，80 个": speed_up(800, 80, one_run),
    "driver's limit, workers | 主控进程的极限（工作进程数）": one_run / handling,
    "a python per run, instead of one | 每次都启动 python，而不是只启动一次": 100 * (start + one_run) / (start + 100 * one_run),
    "workers in 2 GB | 2 GB 里放得下几个": 2 // worker_memory,
}
pd.Series(by_hand).round(1).to_frame("here | 在这里")

# %% [markdown] lang="en"
# The last line is the stop that people meet first: memory. A worker takes as much of it as a whole TensorFlow, whatever the number of cores.
#
# What this model leaves out, all of it on the unpleasant side: two cores share caches and a memory bus, so two workers on one machine are not twice as fast; runs differ in length, and the last one keeps everybody waiting; networks break; clusters have queues. Take the prediction as the best that can happen.
#
# ## 6 · A seed belongs to a process
#
# Why not threads, which start in no time and share one TensorFlow? Here are two trainings *as threads*, slowed down until one can read along:

# %% [markdown] lang="zh"
# 最后一行，是大家最先碰到的那道坎：内存。不管有几个核，一个工作进程占的就是一整个 TensorFlow。
#
# 这个模型漏掉的东西，全是往坏处去的：两个核共用缓存和内存总线，所以同一台机器上的两个工作进程到不了两倍；各次训练长短不一，大家都在等最后一个；网络会断；集群要排队。这样算出来的，是最好的情形。
#
# ## 6 · 种子属于进程
#
# 为什么不用线程？线程启动不花时间，还能共用一个 TensorFlow。下面是两次训练**作为线程**的样子，放慢到能跟着读：

# %%
np.random.seed(0)  # training A begins | 训练 A 开始
alone = np.random.random()  # its first initial value | 它的第一个初值
np.random.seed(0)  # A once more | A 再来一次
np.random.seed(1)  # in another thread, training B begins | 另一个线程里，训练 B 开始
np.random.random() == alone  # A's first initial value | A 的第一个初值

# %% [markdown] lang="en"
# B has set the seed of A. What `keras.utils.set_random_seed` sets (Python's, NumPy's and TensorFlow's generators) exists once *in a process*; which of two threads comes first is up to the operating system, and the table is another one each time. No error, no warning: the worst kind of mistake. So it is refused:

# %% [markdown] lang="zh"
# B 把 A 的种子改掉了。`keras.utils.set_random_seed` 设的（Python、NumPy、TensorFlow 的随机数生成器）**在一个进程里**只有一份；两个线程谁先谁后，由操作系统决定，每次的表都不一样。没有报错，没有警告：最糟的一类错误。所以，这种用法会被拒绝：

# %%
with ThreadPoolExecutor(2) as threads:
    try:
        run_all(experiments, folder, progress=False, executor=threads)
    except ValueError as error:
        print(error)

# %% [markdown] lang="en"
# A Dask worker with several threads is refused for the same reason; therefore `threads_per_worker=1` above. (Within one process trainings can only take turns, which `train` makes them do.)
#
# ## 7 · When one fails
#
# Among a hundred runs one will fail: a typing error, a full disk, a loss that became NaN. It must not take the others along, and must not be forgotten either. Here a grid with a language that does not exist:

# %% [markdown] lang="zh"
# 有好几个线程的 Dask 工作进程，也因为同样的原因被拒绝；所以上面写了 `threads_per_worker=1`。（在一个进程里，训练只能轮流进行，`train` 正是这样安排的。）
#
# ## 7 · 有一个失败了
#
# 一百次训练里总会有一次失败：打错了字，磁盘满了，损失成了 NaN。它不该连累别人，也不该被忘掉。下面的网格里，有一种不存在的语言：

# %%
typing_error = grid(base, corpus=["klingon"])
try:
    run_all([*experiments, *typing_error], folder, progress=False)
except RuntimeError as error:
    failed = str(error)
print(failed.replace(str(folder), "…"))

# %%
print((folder / LOGS / f"{typing_error[0].key}.log").read_text("utf-8")[-420:])

# %% [markdown] lang="en"
# Named with its key and reason; tried twice, for a disk or a network may be back a moment later; all others kept; the whole story in its log. Nothing of a failed training is kept under its name, so after the repair the same call runs it, and only it.
#
# ## In five lines
#
# 1. Write trainings down as data, name each by a digest of its details, and let the finished run's file bear that name: what is missing is then a question to a folder.
# 2. A file that is written aside and renamed is whole or not there. After `kill -9` nothing finished is lost; what was being computed is computed again, by anybody.
# 3. Processes, cluster, notebook: to `run_all` they are executors, and from each the same table came, bit for bit. A seed belongs to a process; threads are refused.
# 4. In a short run most of the time is start and tracing. Measure before you buy: CPU seconds, part by part.
# 5. More workers stop helping at three places: the start (Amdahl), the last round, the driver; and memory often comes before all three.
#
# ## New terms
#
# | term | meaning |
# |---|---|
# | grid | all combinations of the values that some fields take |
# | digest | a short number computed from a text; two texts with the same one are as good as never met |
# | key | a name that follows from all details of an experiment |
# | driver, worker | the process that hands out and writes down; one that trains |
# | executor | what takes a function and runs it elsewhere: `submit` |
# | cluster, scheduler | workers on several machines, and the process that knows which is free |
# | tracing | TensorFlow's one walk through our Python, from which it makes a graph |
# | speed-up | how many times as fast as one worker |
#
# ## Further reading
#
# - G. Amdahl: *Validity of the single processor approach to achieving large scale computing capabilities*. AFIPS Spring Joint Computer Conference (1967), 483–485.
# - J. Gustafson: *Reevaluating Amdahl's Law*. Communications of the ACM 31 (1988), 532–533.
# - J. Dean, L. A. Barroso: *The Tail at Scale*. Communications of the ACM 56 (2013), 74–80. Why the slowest one decides.
# - T. Pillai et al.: *All File Systems Are Not Created Equal*. OSDI (2014), 433–448. What "written" means after a crash.
# - M. Rocklin: *Dask: Parallel Computation with Blocked algorithms and Task Scheduling*. SciPy (2015).
# - J. Dodge, S. Gururangan, D. Card, R. Schwartz, N. Smith: *Show Your Work: Improved Reporting of Experimental Results*. EMNLP (2019), 2185–2194. Say how much you have computed.
#
# Next: **lesson 14**, your own tasks.

# %% [markdown] lang="zh"
# 写明了键和原因；试了两次，因为磁盘或网络也许过一会儿就好了；其余的都保留；来龙去脉在日志里。失败的训练，不会以它的名字留下任何东西，所以修好以后再调用一次，训练的就是它，也只有它。
#
# ## 五句话小结
#
# 1. 把训练写成数据，用内容的摘要给每一个起名，让结果文件以此为名：还缺哪些，问文件夹就知道。
# 2. 先写在旁边、再改名的文件，要么完整，要么不存在。`kill -9` 之后，完成的一个不丢；正在算的，谁来重算都行。
# 3. 进程、集群、笔记本，在 `run_all` 眼里都是执行器，得到的是同一张表，一个比特都不差。种子属于进程；线程会被拒绝。
# 4. 训练很短时，时间大半花在启动和跟踪上。掏钱之前先量：按 CPU 秒，一部分一部分地量。
# 5. 工作进程再多也没用，有三道坎：启动（Amdahl），最后一个回合，主控进程；而内存往往比这三道都来得早。
#
# ## 新术语
#
# | 术语 | 含义 |
# |---|---|
# | 网格（grid） | 若干字段各取若干值的所有组合 |
# | 摘要（digest） | 由文本算出的短短一串；不同的文本，几乎遇不到相同的 |
# | 键（key） | 由实验的全部细节得出的名字 |
# | 主控进程（driver）、工作进程（worker） | 前者分发、记录，后者训练 |
# | 执行器（executor） | 接过一个函数，拿到别处去运行：`submit` |
# | 集群（cluster）、调度器（scheduler） | 多台机器上的工作进程，和知道谁有空的那个进程 |
# | 跟踪（tracing） | TensorFlow 把我们的 Python 走一遍，由此得到计算图 |
# | 加速比（speed-up） | 速度是一个工作进程的几倍 |
#
# ## 延伸阅读
#
# - G. Amdahl: *Validity of the single processor approach to achieving large scale computing capabilities*. AFIPS Spring Joint Computer Conference (1967), 483–485.
# - J. Gustafson: *Reevaluating Amdahl's Law*. Communications of the ACM 31 (1988), 532–533.
# - J. Dean, L. A. Barroso: *The Tail at Scale*. Communications of the ACM 56 (2013), 74–80. 为什么由最慢的一个决定。
# - T. Pillai 等: *All File Systems Are Not Created Equal*. OSDI (2014), 433–448. 崩溃之后，“写好了”是什么意思。
# - M. Rocklin: *Dask: Parallel Computation with Blocked algorithms and Task Scheduling*. SciPy (2015).
# - J. Dodge, S. Gururangan, D. Card, R. Schwartz, N. Smith: *Show Your Work: Improved Reporting of Experimental Results*. EMNLP (2019), 2185–2194. 请写明你算了多少。
#
# 下一课：**第 14 课**，你自己的任务。
