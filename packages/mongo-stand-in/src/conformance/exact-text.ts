import { type Document, deserialize, EJSON, serialize } from 'bson'

/** Text that is the same for two values only if their types, their contents and the order of their fields are. */
export function exactText(value: unknown): string {
  const typed: Document = deserialize(serialize({ value }), {
    promoteValues: false,
    promoteLongs: false,
    promoteBuffers: false,
    bsonRegExp: true,
  })
  return EJSON.stringify(typed.value ?? null, { relaxed: false })
}
