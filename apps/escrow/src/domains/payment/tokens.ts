/** A token that buyers can pay with. It is matched by chain and contract, never by its symbol alone. */
export interface Token {
  chainId: number
  symbol: string
  address: string
  /** USDT and USDC have 18 decimals on BSC and 6 on Ethereum: a wrong one is wrong by a factor of 10^12. */
  decimals: number
}

export interface Chain {
  chainId: number
  name: string
}

/** Where money is received. How many confirmations a chain needs is a setting. */
export const chains: readonly Chain[] = [
  { chainId: 1, name: 'ethereum' },
  { chainId: 56, name: 'bsc' },
  { chainId: 97, name: 'bsc-testnet' },
]

export const tokens: readonly Token[] = [
  { chainId: 1, symbol: 'USDT', address: '0xdac17f958d2ee523a2206206994597c13d831ec7', decimals: 6 },
  { chainId: 1, symbol: 'USDC', address: '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48', decimals: 6 },
  { chainId: 56, symbol: 'USDT', address: '0x55d398326f99059ff775485246999027b3197955', decimals: 18 },
  { chainId: 56, symbol: 'USDC', address: '0x8ac76a51cc950d9822d68b83fe1ad97b32cd580d', decimals: 18 },
  { chainId: 97, symbol: 'USDT', address: '0x337610d27c682e347c9cd60bd4b3b107c9d34ddd', decimals: 18 },
  { chainId: 97, symbol: 'USDC', address: '0x64544969ed7ebf5f083679233325356ebe738930', decimals: 18 },
]

export function tokenOf(chainId: number, symbol: string): Token | null {
  return tokens.find((token) => token.chainId === chainId && token.symbol === symbol) ?? null
}

/** Whether a scanner's word for a token (symbol or contract address) means this one. */
export function meansToken(token: Token, word: string): boolean {
  return word === token.symbol || word.toLowerCase() === token.address
}

/** Whether anything on this chain is credited at all. */
export function isServedChain(chainId: number): boolean {
  return chains.some((chain) => chain.chainId === chainId)
}
