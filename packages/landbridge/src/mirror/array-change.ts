/*
 * What turns the array that MongoDB holds into the one that Postgres has, given that they differ in the named
 * elements only. Pure: places are numbers, elements opaque.
 */
import type { ElementPlace } from '../target/elements.ts'

export interface HeldArray {
  /** How many elements the array holds. */
  size: number
  /** Where it holds the named elements and their neighbours. */
  at: ReadonlyMap<string, number>
}

export interface ArrayChange {
  /** Named elements that both sides hold, where the array holds them. */
  kept: { id: string; at: number }[]
  deleted: string[]
  /** To be inserted one after the other, each run before what stands at `at` then; undefined: at the end. */
  inserted: { ids: string[]; at: number | undefined }[]
}

/**
 * Undefined where more than the named elements differs (a neighbour is not held, or an element has moved): then the
 * whole document must be mirrored. A missing element goes behind its nearest predecessor, never simply to the end: two
 * transactions may commit in another order than they drew their numbers (G1). Whether it is missing is decided by
 * what the array holds (G2).
 */
export function planArrayChange(
  ids: readonly string[],
  places: readonly ElementPlace[],
  { size, at }: HeldArray,
): ArrayChange | undefined {
  if (!isInOrder(places, at)) return undefined
  const existing = new Set(places.map(({ id }) => id))
  const deleted = ids.filter((id) => !existing.has(id) && at.has(id))
  const kept = places.flatMap(({ id }) => {
    const held = at.get(id)
    return held === undefined ? [] : [{ id, at: held }]
  })
  const array = new Simulation(size, at)
  for (const id of deleted) array.remove(id)
  const inserted: ArrayChange['inserted'] = []
  let last: { place: ElementPlace; run: ArrayChange['inserted'][number] | undefined } | undefined
  for (const place of places) {
    // Named elements between the same neighbours stand behind each other.
    const follows = last !== undefined && last.place.before === place.before
    const predecessor = follows && last !== undefined ? last.place.id : place.before
    if (at.has(place.id)) {
      last = { place, run: undefined }
      continue
    }
    const where = array.insertBehind(place.id, predecessor)
    const run = follows && last?.run !== undefined ? last.run : undefined
    if (run !== undefined) {
      run.ids.push(place.id)
      last = { place, run }
    } else {
      const fresh = { ids: [place.id], at: where }
      inserted.push(fresh)
      last = { place, run: fresh }
    }
  }
  return { kept, deleted, inserted }
}

/** What is not named stands in the right order already; each named element must stand between its neighbours. */
function isInOrder(places: readonly ElementPlace[], at: ReadonlyMap<string, number>): boolean {
  let highest = -1
  for (const { id, before, after } of places) {
    const lower = before === null ? -1 : at.get(before)
    const upper = after === null ? Infinity : at.get(after)
    if (lower === undefined || upper === undefined || lower >= upper) return false
    const here = at.get(id)
    if (here === undefined) continue
    if (here <= lower || here >= upper || here <= highest) return false
    highest = here
  }
  return true
}

/** The array as it will be after the steps so far. */
class Simulation {
  private size: number
  private readonly at: Map<string, number>

  constructor(size: number, at: ReadonlyMap<string, number>) {
    this.size = size
    this.at = new Map(at)
  }

  remove(id: string): void {
    const gone = this.at.get(id)
    if (gone === undefined) return
    this.at.delete(id)
    this.size -= 1
    for (const [other, place] of this.at) if (place > gone) this.at.set(other, place - 1)
  }

  /** Answers the place; undefined for the end. */
  insertBehind(id: string, predecessor: string | null): number | undefined {
    const here = predecessor === null ? 0 : (this.at.get(predecessor) ?? -1) + 1
    const isEnd = here === this.size
    for (const [other, place] of this.at) if (place >= here) this.at.set(other, place + 1)
    this.at.set(id, here)
    this.size += 1
    return isEnd ? undefined : here
  }
}
