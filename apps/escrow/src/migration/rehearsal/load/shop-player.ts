import type { LoadActor } from './http-client.ts'
import { idIn, type LoadWorld, read, write } from './load-world.ts'

/** A seller who keeps a shop, as others look at it. */
export function shopPlayer(world: LoadWorld, seller: LoadActor): () => Promise<void> {
  let number = 0
  return async () => {
    number += 1
    const description = `description ${number} of ${seller.id}`
    const body = { name: `Shop of ${seller.id}`, description }
    await write(world, 'PUT', '/api/marketplace/shop', { actor: seller, body }, (data) =>
      idIn(data) === ''
        ? []
        : [
            {
              target: { unit: 'shop', collection: 'shopsettings', id: idIn(data), path: 'description' },
              allowed: [description],
            },
          ],
    )
    await read(world, '/api/marketplace/shop', { actor: seller })
    await read(world, `/api/marketplace/shop/${seller.id}`)
  }
}
