import type { CompiledField, CompiledTable, PathNode } from '../compiled-table.ts'
import { RAW, rawEnd, rawInt32, rawKeyEnd, rawText } from './raw-bson.ts'

/** Where the values of one document or element stand, by slot: 0 is nothing there. */
export interface Places {
  types: Uint8Array
  offsets: Int32Array
  /** By the slot of a json field that holds the rest: where the members begin that no other path owns. */
  rest: Map<number, number[]>
}

/** Finds the places of a table's paths in raw BSON. */
export interface RawIndex {
  places: Places
  slotOf(path: string): number
  /** False if the document has anything that only the general way can deal with. */
  find(src: Buffer, at: number): boolean
}

interface Member {
  slot: number
  kind: 'value' | 'container' | 'dropped' | 'derived'
  /** Null columns mean null, so null needs no form. */
  mayBeNull: boolean
  inside?: Level
}

interface Level {
  /** Keys with their closing zero, in the order of the declaration, which is the usual order of documents. */
  keys: Buffer[]
  byKey: Map<string, number>
  members: Member[]
  /** Which member followed each one last time, and (at the end) which came first: documents repeat their order. */
  next: Int32Array
  /** Slot of the json field that takes unknown members; -1 for none. */
  restSlot: number
}

const NOT_FOUND = -1

export function compileIndex(table: CompiledTable): RawIndex {
  const slots = new Map<string, number>()
  const rest = new Map<number, number[]>()
  const root = compileLevel(table.root, slots, rest)
  const places: Places = { types: new Uint8Array(slots.size), offsets: new Int32Array(slots.size), rest }
  return {
    places,
    slotOf: (path) => slots.get(path) ?? NOT_FOUND,
    find(src, at) {
      places.types.fill(0)
      for (const starts of rest.values()) starts.length = 0
      return findMembers(src, at, root, places) !== 'unusual'
    },
  }
}

function compileLevel(node: PathNode, slots: Map<string, number>, rest: Map<number, number[]>): Level {
  const level: Level = {
    keys: [],
    byKey: new Map(),
    members: [],
    next: Int32Array.from({ length: node.members.size + 1 }, (_, i) => (i < node.members.size ? i + 1 : 0)),
    restSlot: restSlotOf(node.field, slots, rest),
  }
  for (const [key, member] of node.members) {
    level.byKey.set(key, level.members.length)
    level.keys.push(Buffer.from(`${key}\0`))
    const slot = slots.size
    slots.set(member.path, slot)
    level.members.push({
      slot,
      kind: kindOf(member),
      mayBeNull: member.field?.empty === 'null',
      inside: member.members.size > 0 ? compileLevel(member, slots, rest) : undefined,
    })
  }
  return level
}

function restSlotOf(
  field: CompiledField | undefined,
  slots: Map<string, number>,
  rest: Map<number, number[]>,
): number {
  const slot = field?.holdsRest ? (slots.get(field.path) ?? NOT_FOUND) : NOT_FOUND
  if (slot !== NOT_FOUND) rest.set(slot, [])
  return slot
}

function kindOf(node: PathNode): Member['kind'] {
  if (node.dropped) return 'dropped'
  if (node.derived) return 'derived'
  return node.members.size > 0 ? 'container' : 'value'
}

/** Whether anything was found that shows on the way back, or `unusual`. */
function findMembers(src: Buffer, start: number, level: Level, places: Places): boolean | 'unusual' {
  const end = start + rawInt32(src, start) - 1
  if (end >= src.length) return 'unusual'
  let at = start + 4
  let before = level.members.length
  let expected = level.next[before] as number
  let shows = false
  while (at < end) {
    const memberStart = at
    const type = src[at++] as number
    let found = matchAt(src, at, level.keys[expected])
    if (found) at += (level.keys[expected] as Buffer).length
    else {
      const keyEnd = rawKeyEnd(src, at, end)
      if (keyEnd < 0) return 'unusual'
      const key = rawText(src, at, keyEnd)
      const index = key === undefined ? undefined : level.byKey.get(key)
      at = keyEnd + 1
      if (index !== undefined) {
        expected = index
        level.next[before] = index
        found = true
      }
    }
    const valueAt = at
    at = rawEnd(src, type, at)
    if (at < valueAt || at > end) return 'unusual'
    if (found) {
      const placed = place(src, type, valueAt, level.members[expected] as Member, places)
      if (placed === 'unusual') return 'unusual'
      if (placed) shows = true
      before = expected
      expected = level.next[before] as number
    } else if (level.restSlot === NOT_FOUND) return 'unusual'
    else places.rest.get(level.restSlot)?.push(memberStart)
  }
  return at === end ? shows : 'unusual'
}

function place(src: Buffer, type: number, at: number, member: Member, places: Places): boolean | 'unusual' {
  if (member.kind === 'dropped') return false
  // A key that stands twice, and null (which needs a form), are for the general way.
  const isNull = type === RAW.null && !member.mayBeNull
  const isOdd =
    isNull || type === RAW.undefined || member.kind === 'derived' || places.types[member.slot] !== 0
  if (isOdd) return 'unusual'
  places.types[member.slot] = type
  places.offsets[member.slot] = at
  if (member.inside === undefined) return true
  if (type !== RAW.document) return 'unusual'
  const inside = findMembers(src, at, member.inside, places)
  if (inside === 'unusual') return 'unusual'
  // An empty container needs a form, unless a json column holds it.
  if (!inside && member.inside.restSlot === NOT_FOUND) return 'unusual'
  places.offsets[member.slot] = inside ? 1 : 0
  return true
}

function matchAt(src: Buffer, at: number, key: Buffer | undefined): boolean {
  if (key === undefined) return false
  for (let i = 0; i < key.length; i++) if (src[at + i] !== key[i]) return false
  return true
}
