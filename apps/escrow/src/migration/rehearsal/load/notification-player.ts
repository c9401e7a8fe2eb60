import type { LoadActor } from './http-client.ts'
import { idIn, type LoadWorld, read, write } from './load-world.ts'

const path = '/api/notifications'

/** Somebody who is told things, looks at them and marks some as read. */
export function notificationPlayer(world: LoadWorld, person: LoadActor): () => Promise<void> {
  let number = 0
  return async () => {
    number += 1
    const title = `Told ${process.pid}-${number}`
    const body = { userId: person.id, title, message: 'Something happened.', category: 'system' }
    const told = await write(world, 'POST', path, { actor: world.admin, body }, (data) =>
      idIn(data) === '' ? [] : [{ target: notificationAt(idIn(data), 'title'), allowed: [title] }],
    )
    await read(world, world.random.pick([path, `${path}?unreadOnly=true`, `${path}/unread-count`]), {
      actor: person,
    })
    if (told.kind !== 'done' || world.random.chance(0.3)) return
    const id = idIn(told.data)
    await read(world, `${path}/${id}`, { actor: person })
    await write(world, 'PATCH', `${path}/${id}/read`, { actor: person }, () => [
      { target: notificationAt(id, 'isRead'), allowed: [true] },
    ])
  }
}

const notificationAt = (id: string, place: string) => ({
  unit: 'notification' as const,
  collection: 'notifications',
  id,
  path: place,
})
