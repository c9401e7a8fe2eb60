import { type AnyColumn, type SQL, sql } from 'drizzle-orm'
import { check, integer, jsonb, numeric, text, timestamp, uuid } from 'drizzle-orm/pg-core'

/**
 * What a row keeps because no column can hold it: unmapped paths, refused values, and the forms in which old
 * documents spelled values that did land in a column. See `kept-values.ts` for reading it.
 */
export type KeptValues = Record<string, unknown>

/** Money: exact, 20 digits before the point and 18 after it. The driver hands it over as text. */
export const money = (column: string) => numeric(column, { precision: 38, scale: 18 })

/** An integer of a chain (base units, block numbers), which may have 256 bits. */
export const chainInteger = (column: string) => numeric(column, { precision: 78, scale: 0 })

/** A moment, to the millisecond: what a BSON date can hold. */
export const instant = (column: string) =>
  timestamp(column, { withTimezone: true, precision: 3, mode: 'date' })

/** The columns that every table of a collection has. All but the key may be missing in old documents. */
export const entityColumns = () => ({
  id: uuid('id').primaryKey(),
  legacyObjectId: text('legacy_object_id').unique(),
  docVersion: integer('doc_version'),
  extra: jsonb('extra').$type<KeptValues>(),
  createdAt: instant('created_at'),
  updatedAt: instant('updated_at'),
})

/** Position and kept values of an element of an array that became a child table. */
export const elementColumns = () => ({
  ordinal: integer('ordinal').notNull(),
  extra: jsonb('extra').$type<KeptValues>(),
})

export const referenceKinds = ['entity', 'template', 'external'] as const
export const referenceForms = ['objectId', 'hex', 'text'] as const

const referenceKind = (column: string) => text(`${column}_ref_kind`, { enum: referenceKinds })
const referenceId = (column: string) => uuid(`${column}_id`)
const referenceExternal = (column: string) => text(`${column}_external_ref`)
const referenceForm = (column: string) => text(`${column}_ref_form`, { enum: referenceForms })

type ReferenceColumns<Property extends string> = Record<
  `${Property}RefKind`,
  ReturnType<typeof referenceKind>
> &
  Record<`${Property}Id`, ReturnType<typeof referenceId>> &
  Record<`${Property}ExternalRef`, ReturnType<typeof referenceExternal>> &
  Record<`${Property}RefForm`, ReturnType<typeof referenceForm>>

/** The four columns of a field that holds an entity, a template checkout or an outside reference. */
export function outsideReference<Property extends string>(
  property: Property,
  column: string,
): ReferenceColumns<Property> {
  return {
    [`${property}RefKind`]: referenceKind(column),
    [`${property}Id`]: referenceId(column),
    [`${property}ExternalRef`]: referenceExternal(column),
    [`${property}RefForm`]: referenceForm(column),
  } as unknown as ReferenceColumns<Property>
}

/** CHECK: the column of the reference's kind is set and no other; nothing at all where there is no reference. */
export function outsideReferenceCheck(
  name: string,
  columns: { kind: AnyColumn; id: AnyColumn; externalRef: AnyColumn; form: AnyColumn },
) {
  const { kind, id, externalRef, form } = columns
  return check(
    name,
    sql`case when ${kind} is null then ${id} is null and ${externalRef} is null and ${form} is null
      when ${kind} = 'entity' then ${id} is not null and ${externalRef} is null and ${form} in ('objectId', 'hex')
      when ${kind} in ('template', 'external') then ${id} is null and ${externalRef} is not null and ${form} = 'text'
      else false end`,
  )
}

/** CHECK: null or one of the column's declared values. */
export function oneOf(name: string, column: AnyColumn) {
  const values = column.enumValues ?? []
  return check(name, sql`${column} in ${quotedList(values)}`)
}

/** A list of constants for DDL, where values cannot be bound. */
export function quotedList(values: readonly string[]): SQL {
  return sql.raw(`(${values.map((value) => `'${value.replaceAll("'", "''")}'`).join(', ')})`)
}
