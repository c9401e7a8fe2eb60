import { isDeepStrictEqual } from 'node:util'
import type { Collection, Document } from 'mongodb'
import type { SendWrite } from './numbered-writes.ts'
import type { Random } from './random.ts'
import { assertRule, RULES } from './violation.ts'
import { type DatabaseState, IN_DOUBT, replyOrDoubt, type Workload } from './workload.ts'

export interface Item extends Document {
  _id: string
  owner: number
  n: number
  text?: string
}

/** What one document becomes; null where it is deleted. */
interface Step {
  readonly id: string
  readonly becomes: Item | null
}

interface Operation {
  /** In the order in which the server does them; a kill can leave any first part of them. */
  readonly steps: readonly Step[]
  send(): Promise<Document>
  /** What of the reply must be so. */
  readonly reply: Document
}

const ITEMS_EACH = 8

/** A writer with documents of its own, one operation at a time: it always knows exactly what must be there. */
export function ownedItems(
  items: Collection<Item>,
  write: SendWrite,
  owner: number,
  random: Random,
): Workload {
  const ids = Array.from({ length: ITEMS_EACH }, (_, n) => `${owner}-${n}`)
  let known = new Map<string, Item>()
  let inDoubt: readonly Step[] = []

  async function lane(): Promise<boolean> {
    const operation = chooseOperation()
    const reply = await replyOrDoubt(operation.send)
    if (reply === IN_DOUBT) {
      inDoubt = operation.steps
      return false
    }
    const told = pick(reply, Object.keys(operation.reply))
    assertRule(
      isDeepStrictEqual(told, operation.reply),
      RULES.reply,
      () => `${JSON.stringify(operation)} was answered with ${JSON.stringify(reply)}`,
    )
    known = after(known, operation.steps)
    return true
  }

  function chooseOperation(): Operation {
    const absent = ids.filter((id) => !known.has(id))
    const any = random.pick(ids)
    if (absent.length === ITEMS_EACH) return insert(any)
    const present = random.pick([...known.values()])
    switch (random.below(9)) {
      case 0:
      case 1:
        return absent.length === 0 ? remove(present) : insert(random.pick(absent))
      case 2:
      case 3:
        return increment(present)
      case 4:
        return replace(any)
      case 5:
        return upsert(any)
      case 6:
        return random.below(2) === 0 ? remove(present) : findAndRemove(present)
      case 7:
        return findAndIncrement(present)
      default:
        return bulk()
    }
  }

  function fresh(_id: string): Item {
    return { _id, owner, n: random.below(1000), text: 'x'.repeat(random.below(400)) }
  }

  function insert(id: string): Operation {
    const item = fresh(id)
    return {
      steps: [{ id, becomes: item }],
      send: () => write({ insert: items.collectionName, documents: [item] }),
      reply: { n: 1 },
    }
  }

  function increment(item: Item): Operation {
    return {
      steps: [incremented(item)],
      send: () => update({ q: { _id: item._id }, u: { $inc: { n: 1 } } }),
      reply: { n: 1, nModified: 1 },
    }
  }

  function replace(id: string): Operation {
    const item = { ...fresh(id), stamp: random.below(2 ** 30) }
    return {
      steps: [{ id, becomes: item }],
      send: () => update({ q: { _id: id }, u: item, upsert: true }),
      reply: upserted(id),
    }
  }

  function upsert(id: string): Operation {
    const before = known.get(id)
    const becomes = before === undefined ? { _id: id, n: 1, owner } : { ...before, n: before.n + 1 }
    return {
      steps: [{ id, becomes }],
      send: () => update({ q: { _id: id }, u: { $inc: { n: 1 }, $setOnInsert: { owner } }, upsert: true }),
      reply: upserted(id),
    }
  }

  function remove({ _id }: Item): Operation {
    return {
      steps: [{ id: _id, becomes: null }],
      send: () => write({ delete: items.collectionName, deletes: [{ q: { _id }, limit: 1 }] }),
      reply: { n: 1 },
    }
  }

  function findAndRemove(item: Item): Operation {
    return {
      steps: [{ id: item._id, becomes: null }],
      send: () => write({ findAndModify: items.collectionName, query: { _id: item._id }, remove: true }),
      reply: { value: item },
    }
  }

  function findAndIncrement(item: Item): Operation {
    const step = incremented(item)
    const change = { query: { _id: item._id }, update: { $inc: { n: 1 } }, new: true }
    return {
      steps: [step],
      send: () => write({ findAndModify: items.collectionName, ...change }),
      reply: { value: step.becomes },
    }
  }

  function update(statement: Document): Promise<Document> {
    return write({ update: items.collectionName, updates: [statement] })
  }

  function upserted(id: string): Document {
    return known.has(id) ? { n: 1, nModified: 1 } : { n: 1, nModified: 0, upserted: [{ index: 0, _id: id }] }
  }

  /** One write for each document, in order: those that are not there are inserted, others changed or deleted. */
  function bulk(): Operation {
    const writes = ids.slice(random.below(ITEMS_EACH - 2)).map((id) => {
      const item = known.get(id)
      if (item === undefined) {
        const document = fresh(id)
        return {
          kind: 'insert',
          step: { id, becomes: document },
          model: { insertOne: { document } },
        } as const
      }
      const filter = { _id: id }
      if (random.below(3) === 0)
        return { kind: 'delete', step: { id, becomes: null }, model: { deleteOne: { filter } } } as const
      const model = { updateOne: { filter, update: { $inc: { n: 1 } } } }
      return { kind: 'update', step: incremented(item), model } as const
    })
    const count = (wanted: string) => writes.filter(({ kind }) => kind === wanted).length
    return {
      steps: writes.map(({ step }) => step),
      send: () => items.bulkWrite(writes.map(({ model }) => model)),
      reply: {
        insertedCount: count('insert'),
        modifiedCount: count('update'),
        deletedCount: count('delete'),
      },
    }
  }

  function settle(state: DatabaseState): void {
    const mine = [...(state.get(items.collectionName) ?? [])].filter(([, item]) => item.owner === owner)
    const found = new Map(mine as Array<[string, Item]>)
    const possible = Array.from({ length: inDoubt.length + 1 }, (_, done) =>
      after(known, inDoubt.slice(0, done)),
    )
    assertRule(
      possible.some((each) => isDeepStrictEqual(each, found)),
      RULES.lostOrTwice,
      () => `writer ${owner} found ${show(found)} and expected ${possible.map(show).join(' or ')}`,
    )
    known = found
    inDoubt = []
  }

  return { lanes: [lane], settle, tidy: () => Promise.resolve() }
}

function incremented(item: Item): Step {
  return { id: item._id, becomes: { ...item, n: item.n + 1 } }
}

function after(items: ReadonlyMap<string, Item>, steps: readonly Step[]): Map<string, Item> {
  const result = new Map(items)
  for (const { id, becomes } of steps) {
    if (becomes === null) result.delete(id)
    else result.set(id, becomes)
  }
  return result
}

function pick(document: Document, fields: string[]): Document {
  return Object.fromEntries(fields.map((field) => [field, document[field]]))
}

function show(items: ReadonlyMap<string, Item>): string {
  return JSON.stringify([...items.values()].map(({ _id, n, stamp }) => ({ _id, n, stamp })))
}
