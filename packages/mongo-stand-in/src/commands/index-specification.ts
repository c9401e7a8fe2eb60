import { type Document, Int32 } from 'bson'
import { isNumber } from '../bson/value-type.ts'
import { badValue, failedToParse, serverError } from '../server-error.ts'
import { documentField } from './fields.ts'

/** Fields that MongoDB knows; what the stand-in cannot keep of them is refused where the index is defined. */
const FIELDS = new Set(
  `v key name ns unique sparse background hidden partialFilterExpression expireAfterSeconds collation prepareUnique
  storageEngine weights default_language language_override textIndexVersion 2dsphereIndexVersion bits min max
  bucketSize wildcardProjection columnstoreProjection clustered dropDups`.split(/\s+/),
)
const OF_ID = new Set(['v', 'key', 'name', 'ns', 'collation', 'background'])
const MAX_SECONDS = 2_147_483_647

/** The specification of one index as `listIndexes` will show it. @throws ServerError for one that makes no sense */
export function completeSpecification(spec: Document): Document {
  const key = documentField(spec, 'key')
  if (key === undefined)
    throw failedToParse("The 'key' field is a required property of an index specification.")
  const unknown = Object.keys(spec).find((field) => !FIELDS.has(field))
  if (unknown !== undefined)
    throw invalidOption(`The field '${unknown}' is not valid for an index specification.`)
  assertName(spec.name)
  if (Object.keys(key).length === 1 && Number(key._id) === 1) {
    const stray = Object.keys(spec).find((field) => !OF_ID.has(field))
    if (stray !== undefined)
      throw invalidOption(`The field '${stray}' is not valid for an _id index specification.`)
  }
  assertExpiry(spec, key)
  const { v = new Int32(2), key: _key, name, background: _old, ns: _namespace, ...options } = spec
  // Key and name come first, in whatever order the command had them.
  return { v, key, name, ...options }
}

function assertName(name: unknown): void {
  if (name === undefined)
    throw failedToParse("The 'name' field is a required property of an index specification.")
  if (name === '') throw cannotCreate('index name cannot be empty')
  if (name === '*') throw badValue("The index name '*' is not valid.")
}

function assertExpiry({ expireAfterSeconds }: Document, key: Document): void {
  if (expireAfterSeconds === undefined) return
  if (!isNumber(expireAfterSeconds))
    throw cannotCreate("TTL index 'expireAfterSeconds' option must be numeric")
  const seconds = Number(String(expireAfterSeconds))
  if (seconds < 0 || seconds > MAX_SECONDS)
    throw cannotCreate(
      `TTL index 'expireAfterSeconds' option must be within an acceptable range, try a different number than ${seconds}.`,
    )
  if (Object.keys(key).length > 1)
    throw cannotCreate('TTL indexes are single-field indexes, compound indexes do not support TTL.')
}

function invalidOption(message: string) {
  return serverError(197, 'InvalidIndexSpecificationOption', message)
}

function cannotCreate(message: string) {
  return serverError(67, 'CannotCreateIndex', message)
}
