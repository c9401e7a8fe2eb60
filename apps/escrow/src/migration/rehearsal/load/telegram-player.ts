import { signedInitData } from '../../../testing/telegram.ts'
import { type LoadWorld, read, write } from './load-world.ts'

/** Newcomers who open the Mini App: they sign in, are shown the same launch again, and look at their sessions. */
export function telegramPlayer(world: LoadWorld): () => Promise<void> {
  let number = 0
  return async () => {
    number += 1
    const account = 7_900_000_000 + process.pid * 1000 + number
    const initData = signedInitData(
      world.telegramBotToken,
      { id: account, first_name: 'Load', username: `load${account}` },
      new Date(),
    )
    await write(world, 'POST', '/api/auth/telegram', { body: { initData } }, signedIn)
    const again = await write(world, 'POST', '/api/auth/telegram', { body: { initData } }, signedIn)
    if (again.kind !== 'done') return
    const { user, telegram } = again.data
    const token = textAt(memberOf(telegram, 'session'), 'token')
    await read(world, '/api/telegram/session', { headers: { 'x-telegram-session': token } })
    const actor = { id: textAt(user, 'id'), role: 'buyer' as const }
    await read(world, world.random.pick(['/api/telegram/sessions', '/api/telegram/link']), { actor })
  }
}

function signedIn(data: Record<string, unknown>) {
  const id = textAt(data.user, 'id')
  return id === ''
    ? []
    : [{ target: { unit: 'user' as const, collection: 'users', id, path: 'firstName' }, allowed: ['Load'] }]
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}

function textAt(value: unknown, key: string): string {
  const found = memberOf(value, key)
  return typeof found === 'string' ? found : ''
}
