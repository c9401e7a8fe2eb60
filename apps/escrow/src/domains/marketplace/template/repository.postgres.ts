import { and, asc, count, desc, eq, gt, inArray, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm'
import { bornAt } from '../../../platform/columns.ts'
import type { Database } from '../../../platform/database.ts'
import { withoutKept } from '../../../platform/extra.ts'
import type { EntityId } from '../../../platform/ids.ts'
import { violates } from '../../../platform/postgres-error.ts'
import type { Specification } from '../request/index.ts'
import { linkTaken } from './errors.ts'
import type { RequestTemplate, TemplateFilter, TemplatePatch } from './model.ts'
import type { TemplateRepository } from './repository.ts'
import { type TemplateRow, templateOf } from './row.ts'
import { requestTemplateSpecifications as specificationTable, requestTemplates as table } from './schema.ts'

/** Templates in Postgres. */
export function createTemplateRepository(db: Database): TemplateRepository {
  async function withSpecifications(rows: TemplateRow[]): Promise<RequestTemplate[]> {
    if (rows.length === 0) return []
    const ids = rows.map((row) => row.id)
    const specifications = await db
      .select()
      .from(specificationTable)
      .where(inArray(specificationTable.templateId, ids))
      .orderBy(asc(specificationTable.ordinal))
    const byTemplate = Map.groupBy(specifications, (row) => row.templateId)
    return rows.map((row) => templateOf(row, byTemplate.get(row.id) ?? []))
  }

  async function insertSpecifications(id: EntityId, all: Specification[]): Promise<void> {
    if (all.length === 0) return
    await db
      .insert(specificationTable)
      .values(all.map((element, ordinal) => ({ ...element, templateId: id, ordinal })))
  }

  async function load(where: SQL | undefined, lock: boolean): Promise<RequestTemplate | null> {
    const query = db.select().from(table).where(where).orderBy(asc(table.id)).limit(1)
    const [template] = await withSpecifications(lock ? await query.for('update') : await query)
    return template ?? null
  }

  return {
    async insert(template) {
      const { budget, at, id } = template
      try {
        await db
          .insert(table)
          .values({ ...template, ...bornAt(id, at), ...budgetColumns(budget), usageCount: 0 })
      } catch (error) {
        if (violates(error, 'request_templates_link_key')) throw linkTaken(error)
        throw error
      }
      await insertSpecifications(id, template.specifications)
    },

    find: (id) => load(eq(table.id, id), false),
    findForUpdate: (id) => load(eq(table.id, id), true),
    findByLink: (link) => load(eq(table.shareableLink, link), false),

    async findMany(ids) {
      if (ids.length === 0) return []
      return withSpecifications(await db.select().from(table).where(inArray(table.id, ids)))
    },

    async list(filter, page) {
      const rows = await db
        .select()
        .from(table)
        .where(matching(filter))
        // Old rows without a time come last, as MongoDB sorts missing values below all others.
        .orderBy(sql`${table.createdAt} desc nulls last`, desc(table.id))
        .limit(page.limit)
        .offset(page.offset)
      return withSpecifications(rows)
    },

    async count(filter) {
      const [row] = await db.select({ count: count() }).from(table).where(matching(filter))
      return row?.count ?? 0
    },

    async sellers(at, page) {
      const rows = await db
        .select({ sellerId: table.sellerId, templates: count() })
        .from(table)
        .where(and(isNotNull(table.sellerId), matching({ openAt: at })))
        .groupBy(table.sellerId)
        .orderBy(desc(count()), asc(table.sellerId))
        .limit(page.limit)
        .offset(page.offset)
      return rows.flatMap(({ sellerId, templates }) => (sellerId === null ? [] : [{ sellerId, templates }]))
    },

    async countSellers(at) {
      const [row] = await db
        .select({ count: sql<number>`count(distinct ${table.sellerId})::int` })
        .from(table)
        .where(matching({ openAt: at }))
      return row?.count ?? 0
    },

    async update(id, { specifications, ...patch }, at) {
      const { budget, ...columns } = patch
      const emptied = emptiedPaths(patch)
      await db
        .update(table)
        .set({
          ...columns,
          ...(budget === undefined ? {} : budgetColumns(budget)),
          // A null column would bring back what the row keeps for it from the past.
          ...(emptied.length === 0 ? {} : { extra: withoutKept(table.extra, emptied) }),
          updatedAt: at,
        })
        .where(eq(table.id, id))
      if (specifications === undefined) return
      await db.delete(specificationTable).where(eq(specificationTable.templateId, id))
      await db
        .update(table)
        .set({ extra: withoutKept(table.extra, ['specifications']) })
        .where(eq(table.id, id))
      await insertSpecifications(id, specifications)
    },

    async countUse(id, at) {
      const used = sql<number>`coalesce(${table.usageCount}, 0)`
      const { rowCount } = await db
        .update(table)
        .set({ usageCount: sql`${used} + 1`, updatedAt: at })
        .where(
          and(
            eq(table.id, id),
            or(sql`coalesce(${table.maxUsage}, 0) <= 0`, sql`${used} < ${table.maxUsage}`),
          ),
        )
      return rowCount === 1
    },
  }
}

function budgetColumns(budget: NonNullable<TemplatePatch['budget']>) {
  return { budgetMin: budget.min, budgetMax: budget.max, budgetCurrency: budget.currency }
}

/** Of the fields that may be null, the paths under which old values are kept. */
const documentPaths: Partial<Record<keyof TemplatePatch, string>> = {
  productLink: 'productLink',
  size: 'size',
  color: 'color',
  brand: 'brand',
  deliveryNotes: 'deliveryInfo.notes',
  deliveryEmail: 'deliveryInfo.email',
  proposal: 'proposal',
  maxUsage: 'maxUsage',
  expiresAt: 'expiresAt',
}

function emptiedPaths(patch: TemplatePatch): string[] {
  const emptied = Object.entries(documentPaths)
    .filter(([field]) => patch[field as keyof TemplatePatch] === null)
    .map(([, path]) => path)
  if (patch.budget?.min === null) emptied.push('budget.min')
  if (patch.budget?.max === null) emptied.push('budget.max')
  return emptied
}

function matching({ sellerId, openAt }: TemplateFilter): SQL | undefined {
  return and(
    sellerId === undefined ? undefined : eq(table.sellerId, sellerId),
    openAt === undefined
      ? undefined
      : and(eq(table.isActive, true), or(isNull(table.expiresAt), gt(table.expiresAt, openAt))),
  )
}
