import type { CompiledField, CompiledTable, PathNode } from '../compiled-table.ts'
import { below } from '../path.ts'
import { exactValue, RAW, rawEnd, rawInt32, rawKeyEnd, rawText } from './raw-bson.ts'

/** Where the values of one document or element stand, by slot: type 0 is nothing there. */
export interface Places {
  types: Uint8Array
  offsets: Int32Array
  /** By the slot of a json field that holds the rest: where the members begin that no other path owns. */
  rest: Map<number, number[]>
  /** Members that nothing owns. */
  unknown: { path: string; type: number; at: number }[]
  /** Containers in which nothing stands that shows, with the type of null where they are that. */
  empty: { path: string; type: number }[]
}

/** Finds the places of a table's paths in raw BSON. */
export interface RawIndex {
  places: Places
  slotOf(path: string): number
  /** False if the document has anything that only the general way can deal with. */
  find(src: Buffer, at: number): boolean
}

interface Member {
  path: string
  slot: number
  kind: 'value' | 'container' | 'dropped' | 'derived'
  inside?: Level
}

interface Level {
  path: string
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
  const places: Places = {
    types: new Uint8Array(slots.size),
    offsets: new Int32Array(slots.size),
    rest,
    unknown: [],
    empty: [],
  }
  return {
    places,
    slotOf: (path) => slots.get(path) ?? NOT_FOUND,
    find(src, at) {
      places.types.fill(0)
      places.unknown.length = 0
      places.empty.length = 0
      for (const starts of rest.values()) starts.length = 0
      return findMembers(src, at, root, places) !== 'unusual'
    },
  }
}

function compileLevel(node: PathNode, slots: Map<string, number>, rest: Map<number, number[]>): Level {
  const level: Level = {
    path: node.path,
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
      path: member.path,
      slot,
      kind: kindOf(member),
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
      } else if (level.restSlot === NOT_FOUND) {
        if (key === undefined || !noteUnknown(key, type, at, level, places)) return 'unusual'
        shows = true
      } else places.rest.get(level.restSlot)?.push(memberStart)
    }
    const valueAt = at
    at = rawEnd(src, type, at)
    if (at < valueAt || at > end) return 'unusual'
    if (!found) continue
    const placed = place(src, type, valueAt, level.members[expected] as Member, places)
    if (placed === 'unusual') return 'unusual'
    if (placed) shows = true
    before = expected
    expected = level.next[before] as number
  }
  return at === end ? shows : 'unusual'
}

/** False for a key that stands twice, or that the BSON library reads as something else. */
function noteUnknown(key: string, type: number, at: number, level: Level, places: Places): boolean {
  const path = below(level.path, key)
  if (key === '$ref' || places.unknown.some((other) => other.path === path)) return false
  places.unknown.push({ path, type, at })
  return true
}

function place(src: Buffer, type: number, at: number, member: Member, places: Places): boolean | 'unusual' {
  const { slot, kind, inside } = member
  // A key that stands twice is for the general way to refuse.
  if (places.types[slot] !== 0) return 'unusual'
  places.types[slot] = type
  places.offsets[slot] = at
  // What stays behind must be sound too, as it must for whoever reads the whole document.
  if (kind === 'dropped') return isFixed(type) || exactValue(src, type, at) !== undefined ? false : 'unusual'
  if (kind === 'derived') return false
  if (inside === undefined) return true
  if (type === RAW.null || type === RAW.undefined) {
    places.empty.push({ path: member.path, type })
    return true
  }
  if (type !== RAW.document) return 'unusual'
  const shows = findMembers(src, at, inside, places)
  if (shows === 'unusual') return 'unusual'
  // Unless a json column holds it.
  if (!shows && inside.restSlot === NOT_FOUND) places.empty.push({ path: member.path, type })
  places.offsets[slot] = shows ? 1 : 0
  return true
}

/** Types whose every bytes are sound. */
function isFixed(type: number): boolean {
  return (
    type === RAW.int32 ||
    type === RAW.objectId ||
    type === RAW.null ||
    type === RAW.bool ||
    type === RAW.double
  )
}

function matchAt(src: Buffer, at: number, key: Buffer | undefined): boolean {
  if (key === undefined) return false
  for (let i = 0; i < key.length; i++) if (src[at + i] !== key[i]) return false
  return true
}
