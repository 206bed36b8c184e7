/** What was connected. Let your backend check that the account is one of your tenant's. */
export interface Connected {
  integrated_account_id: string;
  integration: string;
}

export type ErrorType =
  | "invalid_token"
  | "invalid_integration"
  | "connection_error"
  | "post_install_error"
  | "validation_error";

export type Mode = "popup" | "iframe" | "redirect";

export interface Options {
  /** Skip the choice: this integration's slug. */
  integration?: string;
  /** Offer only these. */
  integrations?: readonly string[];
  /** Where the page is shown; a popup unless said. */
  mode?: Mode;
  /** The gateway's address, such as `https://gateway.example.com`; not needed with a whole `link_url`. */
  baseUrl?: string;
  /** One way to connect, by its slug: `oauth`, `api_key`. */
  way?: string;
  /** Size of the popup or dialog, in pixels. */
  width?: number;
  height?: number;
  /** What the dialog is called to those who hear it. */
  title?: string;
  /** As `mode: "iframe"`. */
  iframe?: boolean;
  /** As `mode: "redirect"`. */
  sameWindow?: boolean;
  /** As `way`. */
  authFormat?: string;
  /** No way back to the choice of integrations. */
  noBack?: boolean;
  /** Accepted and without effect. */
  skipRapidForm?: boolean;
}

/** Why no account was connected. */
export class LinkError extends Error {
  readonly name: "LinkError";
  readonly error_type: ErrorType;
  readonly integration: string | null;
  readonly integrated_account_id: string | null;
}

/**
 * Let the customer connect an account; call it in the click itself.
 *
 * Rejects with `"closed"` (the customer closed the page), `"blocked"` (the browser held the popup back)
 * or a `LinkError`. With `mode: "redirect"` the page is left; see `result`.
 */
export function authenticate(linkToken: string, options?: Options): Promise<Connected>;

/** What a redirect brought back to this page; null where it brought nothing. Rejects with a `LinkError`. */
export function result(): Promise<Connected | null>;
