import type { Binary, BSONRegExp, Document } from 'bson'

/** The names by which `$type` and error messages know the BSON types; `missing` stands for no value at all. */
export type BsonType =
  | 'missing'
  | 'minKey'
  | 'null'
  | 'int'
  | 'long'
  | 'double'
  | 'decimal'
  | 'symbol'
  | 'string'
  | 'object'
  | 'array'
  | 'binData'
  | 'objectId'
  | 'bool'
  | 'date'
  | 'timestamp'
  | 'regex'
  | 'dbPointer'
  | 'javascript'
  | 'javascriptWithScope'
  | 'maxKey'

const WRAPPER_TYPES: Record<string, BsonType> = {
  Int32: 'int',
  Long: 'long',
  Double: 'double',
  Decimal128: 'decimal',
  BSONSymbol: 'symbol',
  Binary: 'binData',
  ObjectId: 'objectId',
  Timestamp: 'timestamp',
  BSONRegExp: 'regex',
  MinKey: 'minKey',
  MaxKey: 'maxKey',
  Code: 'javascript',
  DBRef: 'object',
}

/** The order of types in comparisons and sorts ("Comparison/Sort Order" of the BSON types page). */
const TYPE_ORDER: Record<BsonType, number> = {
  minKey: -1,
  missing: 5,
  null: 5,
  int: 10,
  long: 10,
  double: 10,
  decimal: 10,
  symbol: 15,
  string: 15,
  object: 20,
  array: 25,
  binData: 30,
  objectId: 35,
  bool: 40,
  date: 45,
  timestamp: 47,
  regex: 50,
  dbPointer: 55,
  javascript: 60,
  javascriptWithScope: 65,
  maxKey: 127,
}

/** The numbers that `$type` and `$jsonSchema` accept beside the names. */
export const TYPE_NUMBERS: ReadonlyMap<number, BsonType> = new Map([
  [1, 'double'],
  [2, 'string'],
  [3, 'object'],
  [4, 'array'],
  [5, 'binData'],
  [7, 'objectId'],
  [8, 'bool'],
  [9, 'date'],
  [10, 'null'],
  [11, 'regex'],
  [12, 'dbPointer'],
  [13, 'javascript'],
  [14, 'symbol'],
  [15, 'javascriptWithScope'],
  [16, 'int'],
  [17, 'timestamp'],
  [18, 'long'],
  [19, 'decimal'],
  [-1, 'minKey'],
  [127, 'maxKey'],
])

/** Every name that `$type` accepts, except the collective `number`. */
export const TYPE_NAMES: ReadonlySet<string> = new Set(TYPE_NUMBERS.values())

/** The BSON type of a decoded value. Plain JavaScript numbers count as the type that they are stored with. */
export function typeOf(value: unknown): BsonType {
  switch (typeof value) {
    case 'string':
      return 'string'
    case 'boolean':
      return 'bool'
    case 'undefined':
      return 'missing'
    case 'bigint':
      return 'long'
    case 'number':
      return Number.isInteger(value) && Object.is(value | 0, value) ? 'int' : 'double'
    case 'object':
      return value === null ? 'null' : typeOfObject(value)
    default:
      throw new TypeError(`A ${typeof value} is no BSON value`)
  }
}

function typeOfObject(value: object): BsonType {
  if (Array.isArray(value)) return 'array'
  const tag: unknown = '_bsontype' in value ? value._bsontype : undefined
  if (tag === 'Code' && 'scope' in value && value.scope !== null) return 'javascriptWithScope'
  if (typeof tag === 'string') return WRAPPER_TYPES[tag] ?? 'object'
  if (value instanceof Date) return 'date'
  if (value instanceof RegExp) return 'regex'
  if (value instanceof Uint8Array) return 'binData'
  return 'object'
}

/** The rank of the value's type; values of equal rank are compared with each other, others by rank. */
export function typeOrder(value: unknown): number {
  return TYPE_ORDER[typeOf(value)]
}

/** The rank of values of a type by its name; `number` is all types of numbers. */
export function orderOfType(name: string): number | undefined {
  return name === 'number' ? TYPE_ORDER.int : TYPE_ORDER[name as BsonType]
}

/** The rank of a value that is stored with this type number; undefined where only the decoded value tells. */
export function orderOfTypeNumber(number: number): number | undefined {
  const name = TYPE_NUMBERS.get(number > 127 ? number - 256 : number)
  return name === undefined || name === 'dbPointer' ? undefined : TYPE_ORDER[name]
}

export function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && typeOf(value) === 'object'
}

export function isNumber(value: unknown): boolean {
  return typeOrder(value) === TYPE_ORDER.int
}

export function isNullish(value: unknown): value is null | undefined {
  return value === null || value === undefined
}

export function isRegex(value: unknown): value is BSONRegExp | RegExp {
  return typeof value === 'object' && value !== null && typeOf(value) === 'regex'
}

export function isBinary(value: unknown): value is Binary | Uint8Array {
  return typeof value === 'object' && value !== null && typeOf(value) === 'binData'
}
