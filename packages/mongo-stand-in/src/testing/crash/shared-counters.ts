import type { Collection } from 'mongodb'
import type { SendWrite } from './numbered-writes.ts'
import type { Random } from './random.ts'
import { assertRule, RULES } from './violation.ts'
import { type DatabaseState, IN_DOUBT, replyOrDoubt, type Workload } from './workload.ts'

export interface Counter {
  _id: string
  n: number
  marks: string[]
}

const COUNTERS = 3

/** Writers that increment the same documents: each increment leaves its mark, so that one done twice shows. */
export function sharedCounters(
  counters: Collection<Counter>,
  writes: readonly SendWrite[],
  random: Random,
): Workload {
  const acknowledged = new Set<string>()
  const inDoubt = new Set<string>()
  let count = 0

  async function increment(write: SendWrite): Promise<boolean> {
    const _id = `counter-${random.below(COUNTERS)}`
    const mark = `${_id}:${count++}`
    const statement = { q: { _id }, u: { $inc: { n: 1 }, $push: { marks: mark } }, upsert: true }
    const reply = await replyOrDoubt(() => write({ update: counters.collectionName, updates: [statement] }))
    if (reply === IN_DOUBT) {
      inDoubt.add(mark)
      return false
    }
    const done = reply.nModified + (reply.upserted?.length ?? 0)
    assertRule(
      reply.n === 1 && done === 1,
      RULES.reply,
      () => `an increment was answered with ${JSON.stringify(reply)}`,
    )
    acknowledged.add(mark)
    return true
  }

  function settle(state: DatabaseState): void {
    const found = [...(state.get(counters.collectionName)?.values() ?? [])] as unknown as Counter[]
    for (const { _id, n, marks } of found) {
      assertRule(
        n === marks.length && new Set(marks).size === n,
        RULES.lostOrTwice,
        () => `${_id} counts ${n} with ${marks.length} marks, of which ${new Set(marks).size} differ`,
      )
    }
    const marks = new Set(found.flatMap((counter) => counter.marks))
    const lost = [...acknowledged].filter((mark) => !marks.has(mark))
    const unknown = [...marks].filter((mark) => !acknowledged.has(mark) && !inDoubt.has(mark))
    assertRule(lost.length === 0, RULES.lostOrTwice, () => `increments ${lost.join(', ')} were lost`)
    assertRule(unknown.length === 0, RULES.lostOrTwice, () => `nobody did ${unknown.join(', ')}`)
    acknowledged.clear()
    inDoubt.clear()
  }

  return {
    lanes: writes.map((write) => () => increment(write)),
    settle,
    tidy: async () => {
      await counters.deleteMany({})
    },
  }
}
