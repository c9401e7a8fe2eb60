import type { LoadActor } from './http-client.ts'
import { idIn, type LoadWorld, read, write } from './load-world.ts'

const path = '/api/chat'

/** Two people who talk: new groups now and then, messages, corrections, reactions, and reading what was said. */
export function chatPlayer(world: LoadWorld, one: LoadActor, other: LoadActor): () => Promise<void> {
  let chat: string | null = null
  let number = 0
  return async () => {
    number += 1
    if (chat === null || world.random.chance(0.05)) {
      chat = (await openGroup(world, one, other, number)) ?? chat
      return
    }
    const [speaker, listener] = world.random.chance(0.5) ? [one, other] : [other, one]
    await say(world, chat, speaker, `message ${number}`)
    await read(world, world.random.pick([path, `${path}/unread`, `${path}/${chat}/info`]), {
      actor: listener,
    })
    await read(world, `${path}/${chat}/messages?limit=20`, { actor: listener })
    await write(world, 'PATCH', `${path}/${chat}/messages/read`, { actor: listener, body: {} }, () => [])
  }
}

async function openGroup(
  world: LoadWorld,
  one: LoadActor,
  other: LoadActor,
  number: number,
): Promise<string | null> {
  const title = `Talk ${process.pid}-${number}`
  const body = { participantIds: [other.id], type: 'group', title }
  const answer = await write(world, 'POST', path, { actor: one, body }, (data) =>
    idIn(data) === '' ? [] : [{ target: chatAt(idIn(data), 'name'), allowed: [title] }],
  )
  return answer.kind === 'done' ? idIn(answer.data) : null
}

/** Nobody else writes into this chat, so what was said last is the last message of the chat. */
async function say(world: LoadWorld, chat: string, speaker: LoadActor, content: string): Promise<void> {
  const saysLast = (allowed: string) => () => [
    { target: chatAt(chat, 'lastMessage.content'), allowed: [allowed] },
  ]
  const messages = `${path}/${chat}/messages`
  const sent = await write(world, 'POST', messages, { actor: speaker, body: { content } }, saysLast(content))
  if (sent.kind !== 'done') return
  const message = `${messages}/${idIn(sent.data)}`
  if (world.random.chance(0.2)) {
    const corrected = `${content}, corrected`
    await write(
      world,
      'PATCH',
      message,
      { actor: speaker, body: { content: corrected } },
      saysLast(corrected),
    )
  }
  if (world.random.chance(0.2)) {
    await write(world, 'POST', `${message}/reactions`, { actor: speaker, body: { emoji: '👍' } }, () => [])
  }
}

const chatAt = (id: string, place: string) => ({
  unit: 'chat' as const,
  collection: 'chats',
  id,
  path: place,
})
