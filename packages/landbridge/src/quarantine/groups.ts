import type { ClientBase, Pool } from 'pg'
import { z } from 'zod'
import { idFromBytes } from '../source/id-key.ts'
import { idText } from './id-text.ts'
import type { QuarantineFilter } from './quarantine.ts'
import { signatureSql } from './signature.ts'

const groupSchema = z.object({
  signature: z.string(),
  unit: z.string(),
  collection: z.string(),
  /** Places in arrays as `*`. */
  path: z.string(),
  code: z.string(),
  reason: z.string(),
  valueTypes: z.array(z.string()),
  count: z.coerce.number(),
  unresolved: z.coerce.number(),
  firstAt: z.date(),
  lastAt: z.date(),
  examples: z.array(z.instanceof(Buffer)),
})

/** Documents that wait for the same reason; `examples` are the first ids of them. */
export type QuarantineGroup = Omit<z.infer<typeof groupSchema>, 'examples'> & { examples: string[] }

/** What stands in quarantine by signature, the largest group first. */
export async function groupQuarantine(
  client: Pool | ClientBase,
  filter: Omit<QuarantineFilter, 'limit'> = {},
): Promise<QuarantineGroup[]> {
  const { rows } = await client.query(
    `select signature, unit, collection, path, code, reason, count(*) as count,
       count(*) filter (where accepted_by is null) as unresolved,
       array_agg(distinct value_type order by value_type) as "valueTypes",
       min(first_at) as "firstAt", max(last_at) as "lastAt",
       (array_agg(legacy_id order by first_at, legacy_id))[1:3] as examples
     from (
       select unit, collection, code, value_type, accepted_by, first_at, last_at, legacy_id,
         ${signatureSql.path} as path, ${signatureSql.reason} as reason, ${signatureSql.signature} as signature
       from landbridge.quarantine
       where ($1::text is null or unit = $1) and ($2::text is null or collection = $2)
         and (not $3 or accepted_by is null)
     ) as signed
     where $4::text is null or signature = $4
     group by signature, unit, collection, path, code, reason
     order by count(*) desc, collection, path, signature`,
    [
      filter.unit ?? null,
      filter.collection ?? null,
      filter.unresolvedOnly ?? false,
      filter.signature ?? null,
    ],
  )
  return rows.map((row) => {
    const group = groupSchema.parse(row)
    return { ...group, examples: group.examples.map((legacyId) => idText(idFromBytes(legacyId))) }
  })
}
