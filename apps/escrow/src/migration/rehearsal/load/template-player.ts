import type { LoadActor } from './http-client.ts'
import { idIn, type LoadWorld, read, write } from './load-world.ts'

const path = '/api/marketplace/request-templates'

/** A seller who offers something ready-made, and a buyer who takes it. */
export function templatePlayer(world: LoadWorld, seller: LoadActor, buyer: LoadActor): () => Promise<void> {
  let number = 0
  let mine: string | null = null
  return async () => {
    number += 1
    const proposal = `Proposal ${process.pid}-${number}`
    if (mine === null || world.random.chance(0.2)) {
      const { categoryId } = world
      const body = {
        title: 'Ready-made',
        description: 'As it is.',
        categoryId,
        budget: { max: '20' },
        proposal,
      }
      const made = await write(world, 'POST', path, { actor: seller, body }, (data) =>
        idIn(data) === '' ? [] : [{ target: templateAt(idIn(data), 'proposal'), allowed: [proposal] }],
      )
      if (made.kind === 'done') mine = idIn(made.data)
      return
    }
    const id = mine
    await read(world, `${path}/${id}`, { actor: buyer })
    await write(world, 'POST', `${path}/${id}/checkout`, { actor: buyer, body: {} }, ({ request }) =>
      typeof request === 'object' && request !== null && 'id' in request
        ? [{ target: requestAt(String(request.id), 'templateId'), allowed: [id] }]
        : [],
    )
    await read(world, world.random.pick([path, `${path}/sellers`]), { actor: seller })
  }
}

const templateAt = (id: string, place: string) => ({
  unit: 'request' as const,
  collection: 'requesttemplates',
  id,
  path: place,
})
const requestAt = (id: string, place: string) => ({
  ...templateAt(id, place),
  collection: 'purchaserequests',
})
