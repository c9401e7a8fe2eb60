import type { LoadActor } from './http-client.ts'
import { idIn, type LoadWorld, read, write } from './load-world.ts'

const path = '/api/marketplace/reviews'

/** Somebody who reads what others say of sellers, reviews each once and changes their mind. */
export function reviewPlayer(world: LoadWorld, person: LoadActor): () => Promise<void> {
  const mine: string[] = []
  let next = 0
  let number = 0
  return async () => {
    number += 1
    await read(world, `${path}/seller/${world.random.pick(world.sellers).id}`)
    const subject = world.sellers[next]
    if (subject !== undefined) {
      const comment = `Review ${process.pid}-${number}`
      const body = { subjectType: 'seller', subjectId: subject.id, rating: world.random.int(1, 5), comment }
      const made = await write(world, 'POST', path, { actor: person, body }, (data) =>
        idIn(data) === '' ? [] : [{ target: reviewAt(idIn(data), 'comment'), allowed: [comment] }],
      )
      if (made.kind === 'done') mine.push(idIn(made.data))
      if (made.kind !== 'refused' || made.code === 'REVIEW_EXISTS') next += 1
      return
    }
    if (mine.length === 0) return
    const id = world.random.pick(mine)
    const comment = `Changed ${process.pid}-${number}`
    await write(world, 'PUT', `${path}/${id}`, { actor: person, body: { comment } }, () => [
      { target: reviewAt(id, 'comment'), allowed: [comment] },
    ])
  }
}

const reviewAt = (id: string, place: string) => ({
  unit: 'review' as const,
  collection: 'reviews',
  id,
  path: place,
})
