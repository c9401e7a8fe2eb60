import { setTimeout as sleep } from 'node:timers/promises'
import { type Db, Decimal128, Double, Int32, ObjectId } from 'mongodb'
import type { Random } from '../../mapping/fuzz/random.ts'

const TICK_MS = 50

export interface LiveWrites {
  /** Acknowledged so far. */
  done(): number
  stop(): Promise<void>
}

/**
 * An application that writes while its data is copied: changes, inserts, deletes, parts that come and go, names that
 * move between things and names that two things hold.
 */
export function startLiveWrites(
  database: Db,
  options: { random: Random; perSecond: number; ids: ObjectId[] },
): LiveWrites {
  const { random, ids } = options
  const things = database.collection('things')
  const stopping = new AbortController()
  let done = 0

  async function writeOne(): Promise<void> {
    const at = random.below(ids.length)
    const _id = ids[at]
    const kind = random.below(100)
    if (kind < 40) {
      await things.updateOne({ _id }, { $set: { price: Decimal128.fromString(`${random.below(1_000)}.50`) } })
    } else if (kind < 60) {
      await things.updateOne({ _id }, { $push: { parts: part(random) } as never })
    } else if (kind < 70) {
      await things.updateOne({ _id }, { $set: { parts: [part(random)] } })
    } else if (kind < 80) {
      const fresh = new ObjectId()
      ids.push(fresh)
      await things.insertOne({ _id: fresh, name: `thing ${fresh}`, price: new Double(0.5) })
    } else if (kind < 90) {
      ids.splice(at, 1)
      await things.deleteOne({ _id })
    } else if (kind < 98) {
      await things.updateOne({ _id }, { $set: { name: `renamed ${random.below(1e9)}` } })
    } else {
      await swapNames(_id, ids[random.below(ids.length)])
    }
    done += 1
  }

  async function swapNames(one: ObjectId | undefined, other: ObjectId | undefined): Promise<void> {
    const [first, second] = [await things.findOne({ _id: one }), await things.findOne({ _id: other })]
    if (first === null || second === null) return
    await things.updateOne({ _id: one }, { $set: { name: second.name } })
    await things.updateOne({ _id: other }, { $set: { name: first.name } })
  }

  const running = (async () => {
    const started = performance.now()
    for (let begun = 0; !stopping.signal.aborted; ) {
      const due = ((performance.now() - started) / 1_000) * options.perSecond
      const now = Math.floor(due - begun)
      await Promise.all(Array.from({ length: now }, writeOne))
      begun += now
      await sleep(TICK_MS)
    }
  })()
  return {
    done: () => done,
    async stop() {
      stopping.abort()
      await running
    },
  }
}

function part(random: Random) {
  return { label: `part ${random.below(1_000)}`, quantity: new Int32(random.below(100)) }
}
