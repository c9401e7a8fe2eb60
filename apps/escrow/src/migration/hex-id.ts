import type { ObjectId } from 'bson'
import { type Codec, objectId } from 'landbridge/mapping'

type ObjectIdParameters = Parameters<typeof objectId>

/**
 * An id that its documents hold as 24 lower-case hex digits, in a uuid column. What is born in Postgres goes back as
 * text too, so that it is found where the past looks for it; an ObjectId or capitals come back as they were.
 */
export function hexId(...parameters: ObjectIdParameters): Codec {
  const codec = objectId(...parameters)
  return {
    ...codec,
    raw: { kind: 'hex-id' },
    settings: { form: 'hex', orphan: parameters[1]?.orphan ?? null },
    encode(value, type) {
      const encoded = codec.encode(value, type)
      if (!('cells' in encoded)) return encoded
      return { cells: encoded.cells, exact: typeof value === 'string' && value === value.toLowerCase() }
    },
    decode: (cells) => (codec.decode(cells) as ObjectId).toHexString(),
  }
}
