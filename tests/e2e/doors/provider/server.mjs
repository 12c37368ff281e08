// A real OpenID Connect provider for the tests, on the loopback address. What it is told at /test/ decides who "signs in".
import { createServer } from "node:http";

import { SignJWT, exportJWK, generateKeyPair } from "jose";
import Provider from "oidc-provider";

const { host, port, base, force } = JSON.parse(process.env.PROVIDER);
const issuer = `http://${host}:${port}`;
const { privateKey } = await generateKeyPair("RS256", { extractable: true });
const stranger = await generateKeyPair("RS256", { extractable: true });
const told = { account: "alice", amr: ["pwd"], acr: undefined, page: false };
const people = new Map();

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "portal",
      client_secret: "a made-up secret of the tests",
      redirect_uris: [`${base}/sign-in/force/${force}/back/`],
      response_types: ["code"],
      grant_types: ["authorization_code"],
      backchannel_logout_uri: `${base}/sign-in/force/${force}/log-out/`,
      backchannel_logout_session_required: true,
    },
  ],
  jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: "one", alg: "RS256", use: "sig" }] },
  claims: { openid: ["sub", "amr"], email: ["email", "email_verified"], profile: ["name", "groups"] },
  acrValues: ["mfa"],
  conformIdTokenClaims: false,
  features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
  pkce: { required: () => true },
  cookies: { keys: ["of the tests alone"] },
  interactions: { url: (ctx, interaction) => `/test/interaction/${interaction.uid}` },
  ttl: { Session: 600, Grant: 600, Interaction: 600, IdToken: 600, AccessToken: 600, AuthorizationCode: 60 },
  findAccount: (ctx, id) => ({
    accountId: id,
    claims: () => ({ sub: id, amr: told.amr, email_verified: true, ...people.get(id) }),
  }),
  // Whoever may sign in has agreed already: it is their employer's own service.
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope("openid email profile");
    await grant.save();
    return grant;
  },
});

async function body(request) {
  let text = "";
  for await (const piece of request) text += piece;
  return JSON.parse(text || "{}");
}

async function token({ header = {}, claims = {}, forged = false }) {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ iss: issuer, aud: "portal", iat: now, exp: now + 120, ...claims })
    .setProtectedHeader({ alg: "RS256", kid: "one", typ: "logout+jwt", ...header })
    .sign(forged ? stranger.privateKey : privateKey);
}

createServer(async (request, response) => {
  const path = new URL(request.url, issuer).pathname;
  if (path.startsWith("/test/interaction/")) {
    // With a page of its own, as people see it: whoever presses its button is whoever was told.
    if (told.page && request.method === "GET") {
      response.setHeader("Content-Type", "text/html; charset=utf-8");
      return response.end(`<!doctype html><title>A force’s own sign-in</title><form method="post"><button>Sign in</button></form>`);
    }
    const login = { accountId: told.account, amr: told.amr, acr: told.acr, remember: false };
    return provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
  }
  if (path === "/test/tell") {
    const said = await body(request);
    for (const [id, claims] of Object.entries(said.people ?? {})) people.set(id, claims);
    Object.assign(told, said.told);
    return response.end("{}");
  }
  if (path === "/test/sign") return response.end(await token(await body(request)));
  return provider.callback()(request, response);
}).listen(port, "127.0.0.1", () => console.log("listening"));
