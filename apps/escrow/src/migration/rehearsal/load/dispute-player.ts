import type { LoadActor } from './http-client.ts'
import { idIn, type LoadWorld, read, write } from './load-world.ts'

const path = '/api/disputes'

/** A buyer who quarrels about requests of their own, with staff that takes the disputes and settles them. */
export function disputePlayer(world: LoadWorld, buyer: LoadActor): () => Promise<void> {
  let number = 0
  return async () => {
    number += 1
    const purchaseRequestId = await newRequest(world, buyer)
    if (purchaseRequestId === null) return
    const reason = `Quarrel ${process.pid}-${number}`
    const body = { purchaseRequestId, reason, description: 'Nothing came.', evidence: ['/uploads/a.png'] }
    const opened = await write(world, 'POST', path, { actor: buyer, body }, (data) =>
      idIn(data) === '' ? [] : [{ target: disputeAt(idIn(data), 'reason'), allowed: [reason] }],
    )
    await read(world, path, { actor: buyer })
    if (opened.kind !== 'done') return
    const id = idIn(opened.data)
    await read(world, `${path}/pr/${purchaseRequestId}/status`, { actor: buyer })
    const content = `Where is it? ${number}`
    await write(world, 'POST', `${path}/${id}/messages`, { actor: buyer, body: { content } }, () => [
      { target: disputeAt(id, 'messages.0.content'), allowed: [content] },
    ])
    if (world.random.chance(0.3)) {
      await write(world, 'POST', `${path}/${id}/withdraw`, { actor: buyer }, () => [
        { target: disputeAt(id, 'status'), allowed: ['withdrawn'] },
      ])
    } else await settle(world, id)
    await read(world, `${path}/${id}`, { actor: buyer })
    await read(world, `${path}/statistics`, { actor: world.admin })
  }
}

async function newRequest(world: LoadWorld, buyer: LoadActor): Promise<string | null> {
  const { categoryId } = world
  const body = { title: 'To quarrel about', description: 'It never comes.', categoryId, isPublic: false }
  const options = { actor: buyer, body }
  const answer = await write(world, 'POST', '/api/marketplace/purchase-requests', options, () => [])
  return answer.kind === 'done' ? idIn(answer.data) : null
}

async function settle(world: LoadWorld, id: string): Promise<void> {
  const taken = await write(world, 'POST', `${path}/${id}/assign`, { actor: world.admin, body: {} }, () => [
    { target: disputeAt(id, 'adminId'), allowed: [world.admin.id] },
  ])
  if (taken.kind !== 'done' || world.random.chance(0.2)) return
  const body = { action: 'no_action', notes: 'There was no money in it.' }
  await write(world, 'POST', `${path}/${id}/resolve`, { actor: world.admin, body }, () => [
    { target: disputeAt(id, 'resolution.action'), allowed: ['no_action'] },
  ])
}

const disputeAt = (id: string, place: string) => ({
  unit: 'dispute' as const,
  collection: 'disputes',
  id,
  path: place,
})
