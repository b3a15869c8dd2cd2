// SPDX-License-Identifier: MPL-2.0

package ldap

import (
	"errors"
	"slices"

	"github.com/jimlambrt/gldap"
)

// bind answers a simple bind: an anonymous one, the configured account's, or that of an entry with a userPassword.
func (s *Server) bind(w *gldap.ResponseWriter, r *gldap.Request) {
	s.binds.Add(1)
	answer := r.NewBindResponse(gldap.WithResponseCode(gldap.ResultSuccess))
	defer func() { _ = w.Write(answer) }() // a client that is gone needs no answer

	m, err := r.GetSimpleBindMessage()
	if err != nil {
		answer.SetResultCode(gldap.ResultAuthMethodNotSupported)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.connection(r.ConnectionID())
	c.bound = false
	switch {
	case m.UserName == "" && s.options.AllowAnonymous:
	case m.UserName == "" && s.isActiveDirectory(): // an anonymous bind: allowed, but it may not search
	case m.UserName == "":
		answer.SetResultCode(gldap.ResultInappropriateAuthentication)
		answer.SetDiagnosticMessage("anonymous bind disallowed")
	case s.options.RequireTLS && !c.secured:
		answer.SetResultCode(gldap.ResultStrongAuthRequired)
		answer.SetDiagnosticMessage("BindSimple: Transport encryption required.")
	case m.Password != "" && s.mayBind(m.UserName, string(m.Password)):
		c.bound = true
	default:
		answer.SetResultCode(gldap.ResultInvalidCredentials)
		if s.isActiveDirectory() {
			answer.SetDiagnosticMessage(
				"80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data 52e, v2580",
			)
		}
	}
}

func (s *Server) mayBind(name, password string) bool {
	key := compare("distinguishedname", name)
	if key == compare("distinguishedname", s.options.BindDN) {
		return password == s.options.BindPassword
	}
	s.directory.mu.RLock()
	defer s.directory.mu.RUnlock()
	n := s.directory.byDN[key]
	if named := s.directory.index["userprincipalname"][compare("userPrincipalName", name)]; n == nil && len(named) == 1 {
		n = named[0]
	}
	return n != nil && n.entry.first("userPassword") == password
}

// search answers a search, page by page when the client asks for pages.
func (s *Server) search(w *gldap.ResponseWriter, r *gldap.Request) {
	s.searches.Add(1)
	done := r.NewSearchDoneResponse(gldap.WithResponseCode(gldap.ResultSuccess))
	m, err := r.GetSearchMessage()
	if err != nil {
		done.SetResultCode(gldap.ResultProtocolError)
		_ = w.Write(done)
		return
	}
	if m.BaseDN == "" && m.Scope == gldap.BaseObject {
		_ = w.Write(s.rootDSE(r))
		_ = w.Write(done)
		return
	}
	if s.options.Misbehave == EndlessAnswer {
		s.answerEndlessly(w, r)
		return
	}
	if s.options.Misbehave == Referrals {
		done.SetResultCode(gldap.ResultReferral)
		done.SetDiagnosticMessage("go and ask " + s.URL())
		_ = w.Write(done)
		return
	}
	found, err := s.answer(r.ConnectionID(), m, done)
	if s.options.Misbehave == RepeatedEntries {
		found = slices.Concat(found, found)
	}
	for _, result := range found {
		entry := r.NewSearchResponseEntry(result.entry.dn)
		for _, a := range s.selected(result, m.Attributes, m.TypesOnly) {
			entry.AddAttribute(a.name, a.values)
		}
		if w.Write(entry) != nil {
			return // the client is gone
		}
	}
	if o, ok := errors.AsType[outcome](err); ok {
		done.SetResultCode(o.code)
		done.SetDiagnosticMessage(o.message)
		done.SetMatchedDN(o.matched)
	}
	_ = w.Write(done)
}

// answer selects what goes into this answer and sets the cookie for the next.
func (s *Server) answer(id int, m *gldap.SearchMessage, done *gldap.SearchResponseDone) ([]result, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.connection(id)
	if !c.bound && !s.options.AllowAnonymous {
		return nil, s.refusal()
	}
	paging := pagingControl(m)
	if paging == nil {
		found, err := s.find(m)
		if err != nil {
			return nil, err
		}
		if s.options.TotalLimit > 0 && len(found) > s.options.TotalLimit {
			return found[:s.options.TotalLimit], outcome{code: gldap.ResultSizeLimitExceeded}
		}
		return s.limit(found, m, false)
	}
	found, cookie, err := s.page(c, m, paging)
	if err != nil {
		return nil, err
	}
	done.SetControls(&gldap.ControlPaging{Cookie: cookie})
	if s.options.TotalLimit > 0 && len(found)+len(c.pages[string(cookie)]) > s.options.TotalLimit {
		return found[:min(len(found), s.options.TotalLimit)], outcome{code: gldap.ResultSizeLimitExceeded}
	}
	return s.limit(found, m, true)
}

// refusal is what servers say to searches without a bind.
func (s *Server) refusal() error {
	if s.isActiveDirectory() {
		return outcome{
			code: gldap.ResultOperationsError,
			message: "000004DC: LdapErr: DSID-0C090A5C, comment: In order to perform this operation a successful bind must " +
				"be completed on the connection., data 0, v4563",
		}
	}
	return outcome{code: gldap.ResultUnwillingToPerform, message: "authentication required"}
}

func pagingControl(m *gldap.SearchMessage) *gldap.ControlPaging {
	for _, control := range m.Controls {
		if paging, ok := control.(*gldap.ControlPaging); ok {
			return paging
		}
	}
	return nil
}

// rootDSE is what the server tells about itself, with or without a bind.
func (s *Server) rootDSE(r *gldap.Request) *gldap.SearchResponseEntry {
	entry := r.NewSearchResponseEntry("")
	entry.AddAttribute("namingContexts", s.directory.suffixes)
	entry.AddAttribute("supportedLDAPVersion", []string{"3"})
	entry.AddAttribute("supportedControl", []string{gldap.ControlTypePaging})
	if s.options.StartTLS {
		entry.AddAttribute("supportedExtension", []string{string(gldap.ExtendedOperationStartTLS)})
	}
	if s.isActiveDirectory() && !s.options.NoMatchingRuleInChain {
		entry.AddAttribute("defaultNamingContext", []string{s.BaseDN()})
		entry.AddAttribute("rootDomainNamingContext", []string{s.BaseDN()})
		entry.AddAttribute("supportedCapabilities", []string{"1.2.840.113556.1.4.800", "1.2.840.113556.1.4.1670"})
		entry.AddAttribute("dnsHostName", []string{"dc1.lab.example"})
	}
	return entry
}

// startTLS secures the connection, where the server offers that.
func (s *Server) startTLS(w *gldap.ResponseWriter, r *gldap.Request) {
	answer := r.NewExtendedResponse(gldap.WithResponseCode(gldap.ResultSuccess))
	answer.SetResponseName(gldap.ExtendedOperationStartTLS)
	s.mu.Lock()
	secured := s.connection(r.ConnectionID()).secured
	s.mu.Unlock()
	if !s.options.StartTLS || secured {
		answer.SetResultCode(gldap.ResultProtocolError)
		answer.SetDiagnosticMessage("unsupported extended operation")
		_ = w.Write(answer)
		return
	}
	if w.Write(answer) != nil || r.StartTLS(s.tls) != nil {
		return // the client is gone, or does not trust the certificate
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.connection(r.ConnectionID()).secured = true
}
