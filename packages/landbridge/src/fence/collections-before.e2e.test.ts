import { expect, it } from 'vitest'
import { crossingWorld } from '../testing/crossing-world.ts'

async function describe(world: Awaited<ReturnType<typeof crossingWorld>>) {
  const [things] = await world.engine.database.listCollections({ name: 'things' }).toArray()
  const indexes = await world.engine.database.collection('things').listIndexes().toArray()
  const options = things !== undefined && 'options' in things ? (things.options ?? {}) : {}
  return {
    validator: options.validator,
    preImages: options.changeStreamPreAndPostImages?.enabled ?? false,
    lifetime: indexes.find((index) => index.name === 'expiresAt_1')?.expireAfterSeconds,
  }
}

it('gives collections back the validator, the lifetimes and the pre-images that they had', async () => {
  await using world = await crossingWorld()
  const { database } = world.engine
  const validator = { name: { $type: 'string' } }
  await database.command({
    collMod: 'things',
    validator,
    validationLevel: 'moderate',
    validationAction: 'warn',
  })
  await database.collection('things').createIndex({ expiresAt: 1 }, { expireAfterSeconds: 60 })
  const before = await describe(world)

  await world.to('postgres')
  const away = await describe(world)
  expect(away.validator).not.toEqual(validator)
  // A TTL monitor that deletes what Postgres still has would echo for ever (A13).
  expect(away).toMatchObject({ preImages: true, lifetime: 2_147_483_647 })

  await world.to('shadow')
  expect(await describe(world)).toEqual(before)
  const { rows } = await world.engine.pool.query('select collection from landbridge.collection_before')
  expect(rows).toEqual([])
})
