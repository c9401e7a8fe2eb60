import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { statementsOf } from '../../../testing/counted-statements.ts'
import { type EscrowDatabase, escrowDatabase } from '../../../testing/escrow-database.ts'
import { dropReferencesBetweenUnits } from '../../../testing/references-between-units.ts'
import { exampleTemplate, templateRepositoryContract } from './repository.contract.ts'

let database: EscrowDatabase
beforeAll(async () => {
  database = await escrowDatabase()
  await dropReferencesBetweenUnits(database.pool)
})
afterAll(() => database[Symbol.asyncDispose]())

describe('templates in Postgres', () => {
  templateRepositoryContract(async () => {
    await database.pool.query('truncate request_templates cascade')
    return { store: database.units.request, count: statementsOf(database.pool) }
  })

  test('the database refuses a use past the limit, and lets an old count stand', async () => {
    const template = exampleTemplate({ maxUsage: 1 })
    await database.units.request.transaction(({ templates }) => templates.insert(template))
    const count = (to: number) =>
      database.pool.query('update request_templates set usage_count = $2 where id = $1', [template.id, to])
    await count(1)
    await expect(count(2)).rejects.toMatchObject({ constraint: 'request_templates_usage_limit' })
    await database.pool.query('update request_templates set max_usage = 0 where id = $1', [template.id])
    await count(30)
    // The limit may come after the uses.
    await database.pool.query('update request_templates set max_usage = 25 where id = $1', [template.id])
    await expect(count(31)).rejects.toMatchObject({ constraint: 'request_templates_usage_limit' })
  })

  test('emptying a field does not bring back what the row keeps for it', async () => {
    const store = database.units.request
    const template = exampleTemplate()
    await store.transaction(({ templates }) => templates.insert(template))
    const kept = { proposal: { reason: 'type', value: { $numberInt: '5' } } }
    await database.pool.query('update request_templates set proposal = null, extra = $2 where id = $1', [
      template.id,
      kept,
    ])
    expect(await store.read.templates.find(template.id)).toMatchObject({ proposal: '5' })
    await store.transaction(({ templates }) => templates.update(template.id, { proposal: null }, new Date()))
    expect(await store.read.templates.find(template.id)).toMatchObject({ proposal: null })
  })
})
