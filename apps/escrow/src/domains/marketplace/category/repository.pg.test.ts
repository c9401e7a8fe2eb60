import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../../platform/ids.ts'
import { statementsOf } from '../../../testing/counted-statements.ts'
import { type EscrowDatabase, escrowDatabase } from '../../../testing/escrow-database.ts'
import { categoryRepositoryContract, exampleCategory } from './repository.contract.ts'

let database: EscrowDatabase
let count: ReturnType<typeof statementsOf>
beforeAll(async () => {
  database = await escrowDatabase()
  count = statementsOf(database.pool)
})
afterAll(() => database[Symbol.asyncDispose]())

describe('categories in Postgres', () => {
  categoryRepositoryContract(
    async () => {
      await database.pool.query('delete from categories')
      return database.units.category
    },
    (work) => count(work),
  )

  test('active names are compared without case and blanks', async () => {
    const store = database.units.category
    await store.transaction(({ categories }) => categories.insert(exampleCategory({ name: ' Books ' })))
    const twin = exampleCategory({ name: 'books' })
    const taken = store.transaction(({ categories }) => categories.insert(twin))
    await expect(taken).rejects.toMatchObject({ code: 'CATEGORY_NAME_TAKEN' })
    await store.transaction(({ categories }) => categories.insert({ ...twin, isActive: false }))
  })

  test('the database refuses a circle and an unknown parent', async () => {
    const store = database.units.category
    const top = exampleCategory()
    const middle = exampleCategory({ parentId: top.id })
    const bottom = exampleCategory({ parentId: middle.id })
    await store.transaction(async ({ categories }) => {
      for (const one of [top, middle, bottom]) await categories.insert(one)
    })
    for (const parentId of [bottom.id, top.id, newId()]) {
      const moving = store.transaction(({ categories }) => categories.update({ ...top, parentId }))
      await expect(moving).rejects.toMatchObject({ code: 'CATEGORY_PARENT_INVALID' })
    }
  })

  test('a category with children is not removed', async () => {
    const store = database.units.category
    const parent = exampleCategory()
    await store.transaction(async ({ categories }) => {
      await categories.insert(parent)
      await categories.insert(exampleCategory({ parentId: parent.id }))
    })
    const removing = store.transaction(({ categories }) => categories.remove(parent.id))
    await expect(removing).rejects.toMatchObject({ code: 'CATEGORY_IN_USE' })
  })
})
