import { type Document, ObjectId } from 'bson'
import { actors } from '../actors.ts'
import type { Random } from '../random.ts'
import { sentences } from '../words.ts'
import type { Story } from '../world/stories.ts'
import { day, idIn, notAfterNow, type World } from '../world/world.ts'
import { image, stamps } from './clean.ts'

/** Every so many stories are talked about. */
const talkedAbout = 6

/** Of the chats about requests every so many grew long. */
const longEvery = 300
const longMessages = 2_000

/** Near MongoDB's limit of 16 MB, with messages of this length. */
const largeBytes = 15_500_000
const largeContent = 20_000

/** The chats of a story: the two about the request, and the three of a dispute. */
export function* chats(world: World, story: Story): Generator<Document> {
  const seller = story.offers[0]?.sellerId
  if (seller === undefined) return
  if (story.dispute !== null) {
    const { chatId, at } = story.dispute
    const people = [story.buyerId, seller, actors().admin]
    yield chat(world, story, { id: chatId, type: 'group', at, people, messages: 8 })
  }
  if (story.index % talkedAbout !== 1) return
  const at = story.at + day
  const ordinal = Math.floor(story.index / talkedAbout)
  const isLarge = world.largeChats && ordinal === 0
  yield chat(world, story, {
    id: idIn(world, 'chat', story.index, at),
    type: 'direct',
    at,
    people: [story.buyerId, seller],
    messages: isLarge ? Math.floor(largeBytes / (largeContent + 250)) : messagesOf(story, ordinal),
    content: isLarge ? largeContent : null,
  })
}

/** Few at most, hundreds now and then, thousands once in a while. */
function messagesOf(story: Story, ordinal: number): number {
  if (ordinal % longEvery === longEvery - 1) return longMessages
  const random = story.random('chat length')
  return random.chance(0.9) ? random.int(5, 30) : random.int(30, 200)
}

interface Outline {
  id: ObjectId
  type: 'direct' | 'group'
  at: number
  people: ObjectId[]
  messages: number
  content?: number | null
}

function chat(world: World, story: Story, outline: Outline): Document {
  const { id, type, at, people } = outline
  const random = story.random(`chat ${type}`)
  const messages: Document[] = []
  for (let place = 0; place < outline.messages; place += 1) {
    messages.push(message(world, random, outline, messages, place))
  }
  const last = messages.at(-1)
  const seen = new Date(messages.length === 0 ? at : Number(last?.timestamp) - 1)
  return {
    _id: id,
    type,
    ...(type === 'group' ? { name: 'Dispute' } : {}),
    participants: people.map((userId, place) => ({
      userId,
      role: place === 0 && type === 'group' ? 'owner' : 'member',
      joinedAt: notAfterNow(world, at),
      lastSeen: seen,
      isActive: true,
    })),
    messages,
    ...(last === undefined
      ? {}
      : { lastMessage: { content: last.content, senderId: last.senderId, timestamp: last.timestamp } }),
    unreadCounts: Object.fromEntries(
      people.map((person) => [person.toHexString(), unreadOf(messages, person)]),
    ),
    relatedTo: { type: 'PurchaseRequest', id: story.id },
    settings: { isArchived: random.chance(0.1) },
    ...stamps(world, at, at + messages.length * 60_000),
  }
}

function message(
  world: World,
  random: Random,
  { at, people, content, messages }: Outline,
  before: readonly Document[],
  place: number,
): Document {
  const moment = notAfterNow(world, at + place * 60_000)
  const sender = random.pick(people)
  const isEdited = random.chance(0.03)
  // The last few are news to everybody but who wrote them.
  const isUnread = place >= messages - 2
  return {
    _id: ObjectId.createFromHexString(
      Math.floor(moment.getTime() / 1_000)
        .toString(16)
        .padStart(8, '0') + random.hex(16),
    ),
    senderId: sender,
    content: content == null ? random.pick(sentences) : 'x'.repeat(content),
    type: 'text',
    timestamp: moment,
    attachments: random.chance(0.03) ? [{ url: image(random.hex(8)), name: 'photo.webp', size: 900 }] : [],
    reactions: random.chance(0.05) ? [{ emoji: '👍', users: [random.pick(people)] }] : [],
    readBy: (isUnread ? [sender] : people).map((userId) => ({ userId, at: moment })),
    ...(random.chance(0.08) && before.length > 0 ? { replyTo: random.pick(before)._id } : {}),
    isEdited,
    ...(isEdited ? { editedAt: moment, editHistory: [{ content: 'first try', at: moment }] } : {}),
    isDeleted: false,
  }
}

/** What stands after the last message that a person has read, and is not their own. */
function unreadOf(messages: readonly Document[], person: ObjectId): number {
  const read = messages.findLastIndex(({ readBy }) =>
    (readBy as { userId: ObjectId }[]).some(({ userId }) => userId.equals(person)),
  )
  return messages.filter(({ senderId }, place) => place > read && !person.equals(senderId)).length
}
