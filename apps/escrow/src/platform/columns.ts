import { type SQL, sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  check,
  customType,
  integer,
  jsonb,
  numeric,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core'
import { type EntityId, publicId } from './ids.ts'
import type { Amount } from './money.ts'
import { type Reference, type ReferenceForm, referenceForms, referenceKinds } from './reference.ts'

/** What a row keeps of an old document that its columns cannot hold, by document path. */
export type Extra = Record<string, unknown>

/** A point in time to the millisecond, as documents have it. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' })

/** The id of an entity, or of another one. */
export const entityId = (name: string) => uuid(name).$type<EntityId>()

/** Money. The database answers `12.500000000000000000`: `readAmount` makes it canonical. */
export const money = (name: string) => numeric(name, { precision: 38, scale: 18 }).$type<Amount>()

/** Whole amounts in the base units of a chain. */
export const baseUnits = (name: string) => numeric(name, { precision: 78, scale: 0 })

/**
 * Any JSON, read as it is stored. Drizzle's own `jsonb` parses a text that looks like JSON once more, so that the text
 * "50" came back as a number.
 */
export const jsonValue = customType<{ data: unknown; driverData: unknown }>({
  dataType: () => 'jsonb',
  toDriver: (value) => JSON.stringify(value),
})

/** The columns that every entity's table has. */
export const entityColumns = () => ({
  id: entityId('id').primaryKey(),
  legacyObjectId: text('legacy_object_id').unique(),
  docVersion: integer('doc_version'),
  extra: jsonb('extra').$type<Extra>(),
  createdAt: instant('created_at'),
  updatedAt: instant('updated_at'),
})

/** What a row that is born here has in those columns. */
export const bornAt = (id: EntityId, at: Date) => ({
  id,
  legacyObjectId: publicId(id),
  docVersion: 0,
  createdAt: at,
  updatedAt: at,
})

const refKind = (name: string) => text(name, { enum: referenceKinds })
const refExternal = (name: string) => text(name)
const refForm = (name: string) => text(name, { enum: referenceForms })

type ReferenceColumns<Name extends string> = { [K in `${Name}RefKind`]: ReturnType<typeof refKind> } & {
  [K in `${Name}Id`]: ReturnType<typeof entityId>
} & { [K in `${Name}ExternalRef`]: ReturnType<typeof refExternal> } & {
  [K in `${Name}RefForm`]: ReturnType<typeof refForm>
}

/** The four columns of a field that holds an entity or an outside reference; add `referenceCheck` to the table. */
export function referenceColumns<Name extends string>(name: Name): ReferenceColumns<Name> {
  const prefix = snakeCase(name)
  return {
    [`${name}RefKind`]: refKind(`${prefix}_ref_kind`),
    [`${name}Id`]: entityId(`${prefix}_id`),
    [`${name}ExternalRef`]: refExternal(`${prefix}_external_ref`),
    [`${name}RefForm`]: refForm(`${prefix}_ref_form`),
  } as ReferenceColumns<Name>
}

/** Exactly the column of the kind is set; all four are null where there is no reference. */
export function referenceCheck<Name extends string>(
  table: string,
  name: Name,
  columns: Record<`${Name}RefKind` | `${Name}Id` | `${Name}ExternalRef` | `${Name}RefForm`, AnyPgColumn>,
) {
  const kind = columns[`${name}RefKind`]
  const id = columns[`${name}Id`]
  const external = columns[`${name}ExternalRef`]
  const form = columns[`${name}RefForm`]
  return check(
    `${table}_${snakeCase(name)}_ref`,
    sql`case ${kind}
      when 'entity' then ${id} is not null and ${external} is null and ${form} is not null and ${form} in ('objectId', 'hex')
      when 'template' then ${id} is null and ${external} is not null and ${form} is not null and ${form} = 'text'
      when 'external' then ${id} is null and ${external} is not null and ${form} is not null and ${form} = 'text'
      else ${kind} is null and ${id} is null and ${external} is null and ${form} is null
    end`,
  )
}

/** The column values that store a reference. `form` is how the document holds an entity's id. */
export function referenceValues<Name extends string>(
  name: Name,
  reference: Reference | null,
  form: Exclude<ReferenceForm, 'text'> = 'objectId',
) {
  const entity = reference?.kind === 'entity' ? reference : null
  const external = reference !== null && reference.kind !== 'entity' ? reference.external : null
  return {
    [`${name}RefKind`]: reference?.kind ?? null,
    [`${name}Id`]: entity?.id ?? null,
    [`${name}ExternalRef`]: external,
    [`${name}RefForm`]: reference === null ? null : entity === null ? 'text' : form,
  } as { [K in `${Name}RefKind`]: Reference['kind'] | null } & { [K in `${Name}Id`]: EntityId | null } & {
    [K in `${Name}ExternalRef`]: string | null
  } & { [K in `${Name}RefForm`]: ReferenceForm | null }
}

/** The reference that four columns hold. */
export function readReference(
  kind: Reference['kind'] | null,
  id: EntityId | null,
  external: string | null,
): Reference | null {
  if (kind === 'entity' && id !== null) return { kind, id }
  if ((kind === 'template' || kind === 'external') && external !== null) return { kind, external }
  return null
}

/** A CHECK that `column` is null or one of `values`, named after both. */
export function enumCheck(table: string, name: string, column: AnyPgColumn, values: readonly string[]) {
  // The values are this program's own constants; DDL takes no bound parameters.
  const list: SQL = sql.raw(values.map((value) => `'${value.replaceAll("'", "''")}'`).join(', '))
  return check(`${table}_${name}_known`, sql`${column} in (${list})`)
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
