// SPDX-License-Identifier: MPL-2.0

package vcd

import (
	"fmt"
	"net/http"
	"strings"
)

// session is a login.
type session struct {
	id, token string
	org       *organization
	user      *User
	readOnly  bool // by API token: view rights only
	requests  int
}

func (s *session) provider() bool { return s.org.name == SystemOrg }

// caller is who sends a request, at which version, and in which organization they act.
type caller struct {
	session *session
	version version
	org     *organization

	hidesDetails, omitsUnlimited bool // as Options has them
}

// vcfa tells whether the request speaks VCF Automation's dialect.
func (c *caller) vcfa() bool { return c.version.atLeast(40, 0) }

func unauthorized() *fault {
	return refuse(http.StatusUnauthorized, "UNAUTHORIZED", "The session is invalid or has expired; log in again.")
}

func (s *Server) sessionRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /api/versions", s.handleVersions)
	mux.HandleFunc("POST /cloudapi/1.0.0/sessions", s.login(false))
	mux.HandleFunc("POST /cloudapi/1.0.0/sessions/provider", s.login(true))
	mux.HandleFunc("POST /oauth/tenant/{org}/token", s.handleOAuth)
	mux.HandleFunc("POST /oauth/provider/token", s.handleOAuth)
	mux.HandleFunc("GET /cloudapi/1.0.0/sessions/current", s.json(since(33, 0), false,
		func(c *caller, w http.ResponseWriter, _ *http.Request) *fault {
			writeJSON(w, c.version, http.StatusOK, c.session.json())
			return nil
		}))
	mux.HandleFunc("DELETE /cloudapi/1.0.0/sessions/current", s.json(since(36, 0), false,
		func(c *caller, w http.ResponseWriter, _ *http.Request) *fault {
			delete(s.sessions, c.session.token)
			w.WriteHeader(http.StatusNoContent)
			return nil
		}))
}

func (s *Server) handleVersions(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/xml")
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` +
		`<SupportedVersions xmlns="http://www.vmware.com/vcloud/versions">`)
	for _, v := range s.versions {
		deprecated := v != s.versions[len(s.versions)-1]
		fmt.Fprintf(&b, `<VersionInfo deprecated="%t"><Version>%s</Version><LoginUrl>%s/cloudapi/1.0.0/sessions</LoginUrl>`+
			`<ProviderLoginUrl>%s/cloudapi/1.0.0/sessions/provider</ProviderLoginUrl></VersionInfo>`, deprecated, v, s.URL(),
			s.URL())
	}
	b.WriteString(`</SupportedVersions>`)
	_, _ = w.Write([]byte(b.String()))
}

// login makes a session from HTTP Basic "user@org:password" for any user who may log in; all have the same Password. A
// provider logs in at its own endpoint, and only there.
func (s *Server) login(provider bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, err := s.requested(r)
		if err != nil {
			writeJSONFault(w, s.version.String(), err)
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.logins++
		login, password, _ := r.BasicAuth()
		at := strings.LastIndex(login, "@")
		if at < 0 || password != Password {
			writeJSONFault(w, v.String(), unauthorized())
			return
		}
		o := s.org(login[at+1:])
		if o == nil || provider != (o.name == SystemOrg) {
			writeJSONFault(w, v.String(), unauthorized())
			return
		}
		user := s.find(o.name, login[:at])
		if user == nil || !user.Enabled || user.Locked {
			writeJSONFault(w, v.String(), unauthorized())
			return
		}
		made := s.newSession(o, user, false)
		w.Header().Set("X-VMWARE-VCLOUD-ACCESS-TOKEN", made.token)
		w.Header().Set("X-VMWARE-VCLOUD-TOKEN-TYPE", "Bearer")
		writeJSON(w, v, http.StatusOK, made.json())
	}
}

// handleOAuth trades an API token for a bearer token with view rights, from 36.1 on.
func (s *Server) handleOAuth(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.logins++
	name, admin := SystemOrg, ProviderUsername
	if tenant := r.PathValue("org"); tenant != "" {
		name, admin = tenant, Username
	}
	o := s.org(name)
	if !s.version.atLeast(36, 1) || o == nil || r.FormValue("grant_type") != "refresh_token" ||
		r.FormValue("refresh_token") != s.apiToken {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":"invalid_grant","error_description":"The refresh token is invalid."}`))
		return
	}
	made := s.newSession(o, o.byName[o.nameKey(TypeLocal, admin)], true)
	var next any
	if s.opts.RotateAPITokens {
		s.apiToken = "api-token-" + newUUID()
		next = s.apiToken
	}
	writeJSON(w, s.version, http.StatusOK, map[string]any{
		"access_token": made.token, "token_type": "Bearer", "expires_in": 2592000, "refresh_token": next,
	})
}

// APIToken is the API token that the next login takes.
func (s *Server) APIToken() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.apiToken
}

func (s *Server) newSession(o *organization, user *User, readOnly bool) *session {
	made := &session{id: "urn:vcloud:session:" + newUUID(), token: "token-" + newUUID(), org: o, user: user,
		readOnly: readOnly}
	s.sessions[made.token] = made
	return made
}

func (s *session) json() map[string]any {
	return map[string]any{
		"id":                        s.id,
		"user":                      reference{ID: s.user.ID, Name: s.user.Username},
		"org":                       reference{ID: "urn:vcloud:org:" + s.org.uuid, Name: s.org.name},
		"location":                  "us-1",
		"roles":                     s.user.Roles,
		"roleRefs":                  roleReferences(s.org, s.user.Roles),
		"sessionIdleTimeoutMinutes": 30,
	}
}

// Token makes a session of an organization's administrator and returns its bearer token.
func (s *Server) Token(org string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.org(org)
	admin := Username
	if org == SystemOrg {
		admin = ProviderUsername
	}
	return s.newSession(o, o.byName[o.nameKey(TypeLocal, admin)], false).token
}

// ExpireSessions ends every session: the next request with its token gets 401.
func (s *Server) ExpireSessions() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.sessions)
}

// Logins counts the logins tried since the start, refused ones too.
func (s *Server) Logins() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.logins
}

// authenticate finds the session of a request and the organization that it acts in. The server's lock is held.
func (s *Server) authenticate(r *http.Request, v version) (*caller, *fault) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") { // the vendor's SDK writes it in lower case
		token = r.Header.Get("x-vcloud-authorization")
	}
	known := s.sessions[token]
	if known == nil {
		return nil, unauthorized()
	}
	known.requests++
	if s.opts.SessionRequests > 0 && known.requests > s.opts.SessionRequests {
		delete(s.sessions, token)
		return nil, unauthorized()
	}
	if s.orgByUUID(known.org.uuid) == nil {
		return nil, unauthorized()
	}
	c := &caller{session: known, version: v, org: known.org,
		hidesDetails: s.opts.HideUserDetails, omitsUnlimited: s.opts.OmitUnlimited}
	return c, s.applyTenantContext(r, c)
}

// applyTenantContext lets a provider administrator act inside an organization. The context is a bare UUID; a URN is
// refused with 401. Both headers have to be there and to agree.
func (s *Server) applyTenantContext(r *http.Request, c *caller) *fault {
	tenant, auth := r.Header.Get("X-VMWARE-VCLOUD-TENANT-CONTEXT"), r.Header.Get("X-VMWARE-VCLOUD-AUTH-CONTEXT")
	if tenant == "" && auth == "" {
		return nil
	}
	if strings.HasPrefix(tenant, "urn:") {
		return unauthorized()
	}
	o := s.orgByUUID(tenant)
	if o == nil || !c.session.provider() && o != c.session.org {
		return forbidden()
	}
	if auth != o.name {
		return unauthorized()
	}
	c.org = o
	return nil
}

// mayWrite refuses callers who logged in with an API token.
func (c *caller) mayWrite() *fault {
	if c.session.readOnly {
		return forbidden()
	}
	return nil
}
