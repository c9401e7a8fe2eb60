import type { LoadActor } from './http-client.ts'
import { idIn, type LoadWorld, read, write } from './load-world.ts'

const path = '/api/addresses'

/** Somebody who moves often: keeps a few addresses and changes which is the primary one. */
export function addressPlayer(world: LoadWorld, person: LoadActor): () => Promise<void> {
  const mine: string[] = []
  let number = 0
  return async () => {
    number += 1
    await read(world, path, { actor: person })
    if (mine.length < 3) {
      const fullAddress = `Load Street ${process.pid}-${number}`
      const body = { name: 'Home', fullAddress, city: 'Berlin', state: 'Berlin', country: 'DE' }
      const made = await write(world, 'POST', path, { actor: person, body }, (data) =>
        idIn(data) === '' ? [] : [{ target: addressAt(idIn(data), 'fullAddress'), allowed: [fullAddress] }],
      )
      if (made.kind === 'done') mine.push(idIn(made.data))
      return
    }
    const id = world.random.pick(mine)
    await read(world, `${path}/${id}`, { actor: person })
    // Which one is primary in the end depends on the order in which calls arrive: nothing is promised of it.
    if (world.random.chance(0.3))
      await write(world, 'PATCH', `${path}/${id}/primary`, { actor: person }, () => [])
    const zipCode = String(number).padStart(6, '0')
    await write(world, 'PUT', `${path}/${id}`, { actor: person, body: { zipCode } }, () => [
      { target: addressAt(id, 'zipCode'), allowed: [zipCode] },
    ])
  }
}

const addressAt = (id: string, place: string) => ({
  unit: 'address' as const,
  collection: 'addresses',
  id,
  path: place,
})
