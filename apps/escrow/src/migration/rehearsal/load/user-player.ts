import type { LoadActor } from './http-client.ts'
import { idIn, type LoadWorld, read, write } from './load-world.ts'

/** Someone who edits the profile, looks at points and spends some. */
export function userPlayer(world: LoadWorld, actor: LoadActor): () => Promise<void> {
  let number = 0
  return async () => {
    number += 1
    const bio = `bio ${number} of ${actor.id}`
    await write(world, 'PUT', '/api/user/profile', { actor, body: { bio } }, () => [
      { target: { unit: 'user', collection: 'users', id: actor.id, path: 'profile.bio' }, allowed: [bio] },
    ])
    await read(
      world,
      world.random.pick(['/api/user/profile', '/api/points/my-points', '/api/points/transactions']),
      {
        actor,
      },
    )
    if (!world.random.chance(0.2)) return
    await write(world, 'POST', '/api/points/redeem', { actor, body: { points: 1 } }, (data) =>
      idIn(data) === ''
        ? []
        : [
            {
              target: { unit: 'user', collection: 'pointtransactions', id: idIn(data), path: 'balance' },
              allowed: [data.balance],
            },
          ],
    )
  }
}

/** New people sign up, with the code that was mailed to them. */
export function signUpPlayer(world: LoadWorld): () => Promise<void> {
  let number = 0
  return async () => {
    number += 1
    const email = `new${process.pid}-${number}@load.example.com`
    const registered = await write(
      world,
      'POST',
      '/api/auth/register',
      {
        body: {
          email,
          firstName: 'New',
          lastName: 'Person',
          role: 'buyer',
          password: 'correct horse 9 Battery',
        },
      },
      () => [],
    )
    if (registered.kind !== 'done') return
    const code = await world.mailedCode(email)
    if (code === null) return
    await write(world, 'POST', '/api/auth/verify-email-code', { body: { email, code } }, (data) => {
      const user = data.user
      const id = typeof user === 'object' && user !== null ? idIn({ ...user }) : ''
      return id === ''
        ? []
        : [{ target: { unit: 'user', collection: 'users', id, path: 'email' }, allowed: [email] }]
    })
  }
}
