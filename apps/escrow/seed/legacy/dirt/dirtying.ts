import type { Document, ObjectId } from 'bson'
import type { Random } from '../random.ts'
import { idIn, type World } from '../world/world.ts'

/** What a kind of dirt may know beside the document. */
export interface DirtContext {
  world: World
  random: Random
  /** Place of the document in its collection. */
  index: number
  /** Whether another document follows. */
  isLast: boolean
  /**
   * An earlier document, with a lower `_id`, that is clean where this kind touches it, for twins. Nobody is taken
   * twice for one kind.
   */
  take(fits: (earlier: Document) => boolean): Document | null
  /** Puts the same kind into the document that comes next, whatever its share says. */
  alsoNext(dirtying: Dirtying): void
  /** True the first time in a collection. */
  once(): boolean
}

/** Puts one kind of dirt into a document; false where it has no place for it, and then it changed nothing. */
export type Dirtying = (document: Document, context: DirtContext) => boolean

export type Dirtyings = Record<string, Dirtying>

type Value = (context: DirtContext, document: Document) => unknown

/** Sets a value; its container must be there. */
export function put(path: string, value: Value): Dirtying {
  return (document, context) => {
    const place = placeOf(document, path)
    if (place === null) return false
    place.container[place.key] = value(context, document)
    return true
  }
}

/** Sets one of these values. */
export const put1 = (path: string, ...values: unknown[]): Dirtying =>
  put(path, ({ random }) => random.pick(values))

/** Replaces a value that is there. */
export function turn(path: string, change: (value: unknown, context: DirtContext) => unknown): Dirtying {
  return (document, context) => {
    const place = placeOf(document, path)
    const before = place?.container[place.key]
    if (place === null || before === undefined || before === null) return false
    const after = change(before, context)
    if (after === undefined) return false
    place.container[place.key] = after
    return true
  }
}

/** Removes what is there; all of it must be. */
export function drop(...paths: string[]): Dirtying {
  return (document) => {
    const found = paths.map((path) => placeOf(document, path))
    if (found.some((place) => place === null || !(place.key in place.container))) return false
    for (const place of found) if (place !== null) delete place.container[place.key]
    return true
  }
}

/** Only documents for which this holds. */
export function where(fits: (document: Document) => boolean, dirtying: Dirtying): Dirtying {
  return (document, context) => fits(document) && dirtying(document, context)
}

/** The same values as an earlier document has at these paths, changed where `change` says so. */
export function twin(
  paths: readonly string[],
  fits: (earlier: Document, own: Document) => boolean,
  change: Record<string, (value: unknown) => unknown> = {},
): Dirtying {
  return (document, context) => {
    const earlier = context.take((each) => fits(each, document))
    if (earlier === null) return false
    for (const path of paths) document[path] = change[path]?.(earlier[path]) ?? earlier[path]
    return true
  }
}

/** The id of nothing. */
export const nowhere = ({ world, index }: Pick<DirtContext, 'world' | 'index'>): ObjectId =>
  idIn(world, 'nowhere', index, world.now - 1_000_000_000)

/** A reference that dangles, in the place of one that is there. */
export const gone = (path: string): Dirtying => turn(path, (_, context) => nowhere(context))

export const asHex = (path: string): Dirtying =>
  turn(path, (id) => (isObjectId(id) ? id.toHexString() : undefined))

/** A UUID of somebody else. */
export const foreignUuid = ({ random }: DirtContext): string =>
  `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-a${random.hex(3)}-${random.hex(12)}`

export const templateCheckout = ({ random }: DirtContext): string => `template-checkout-${random.hex(10)}`

export function isObjectId(value: unknown): value is ObjectId {
  return typeof value === 'object' && value !== null && '_bsontype' in value && value._bsontype === 'ObjectId'
}

/** Letters of an address in both cases, as a checksum has them. */
export const mixedCase = (address: unknown): unknown =>
  typeof address === 'string'
    ? address.replace(/[a-f]/g, (letter, at: number) => (at % 2 === 0 ? letter.toUpperCase() : letter))
    : undefined

function placeOf(document: Document, path: string): { container: Document; key: string } | null {
  const keys = path.split('.')
  const key = keys.pop() ?? ''
  let container: unknown = document
  for (const each of keys) {
    if (typeof container !== 'object' || container === null) return null
    container = (container as Document)[each]
  }
  return typeof container === 'object' && container !== null
    ? { container: container as Document, key }
    : null
}
