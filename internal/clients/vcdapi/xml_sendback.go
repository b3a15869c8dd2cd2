// SPDX-License-Identifier: MPL-2.0

package vcdapi

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"slices"
)

// The order of elements that the server enforces on what it is sent. It keeps to no order itself.
var (
	xmlUserSequence = []string{
		"Link", "Description", "Tasks", "FullName", "EmailAddress", "Telephone", "IsEnabled", "IsLocked", "IM",
		"NameInSource",
		"IsAlertEnabled", "AlertEmailPrefix", "AlertEmail", "IsExternal", "IsDefaultCached", "ProviderType", "IsGroupRole",
		"StoredVmQuota", "DeployedVmQuota", "Role", "Password", "GroupReferences",
	}
	xmlGroupSequence = []string{"Link", "Description", "Tasks", "NameInSource", "UsersList", "ProviderType", "Role"}
)

// encodedXML is a body that is encoded already.
type encodedXML []byte

// xmlParts is an element cut into its start tag and its children, as they were written.
type xmlParts struct {
	root     xml.StartElement // prefixes are not resolved
	children []xmlPart
}

type xmlPart struct {
	name string // without prefix
	text []byte
}

// sendBackXML is the element that the server sent, with the children of the changed one in place of its own. So a PUT
// returns everything that a GET brought, what this package does not know included.
func sendBackXML(sent []byte, changed any, sequence []string, without string) (encodedXML, error) {
	base, err := cutXML(sent)
	if err != nil {
		return nil, err
	}
	encoded, err := xml.Marshal(changed)
	if err != nil {
		return nil, err
	}
	change, err := cutXML(encoded)
	if err != nil {
		return nil, err
	}
	base.children = slices.DeleteFunc(base.children, func(part xmlPart) bool { return part.name == without })
	for _, child := range change.children {
		base.put(child.in(base.root.Name.Space))
	}
	base.sort(sequence)
	for _, attribute := range change.root.Attr {
		base.setAttribute(attribute)
	}
	return base.encode(), nil
}

// put replaces the child of that name, or adds it.
func (p *xmlParts) put(child xmlPart) {
	at := slices.IndexFunc(p.children, func(has xmlPart) bool { return has.name == child.name })
	if at < 0 {
		p.children = append(p.children, child)
		return
	}
	p.children[at] = child
}

// in is the child for a parent with that prefix: without one the parent's namespace is the child's too.
func (p xmlPart) in(prefix string) xmlPart {
	if prefix == "" {
		return p
	}
	start := []byte("<" + p.name)
	text := append(slices.Clone(start), ` xmlns="`+xmlNamespace+`"`...)
	return xmlPart{name: p.name, text: append(text, bytes.TrimPrefix(p.text, start)...)}
}

// cutXML cuts an element into its parts.
func cutXML(text []byte) (xmlParts, error) {
	var parts xmlParts
	decoder := xml.NewDecoder(bytes.NewReader(text))
	depth, began := 0, int64(0)
	for {
		before := decoder.InputOffset()
		token, err := decoder.RawToken()
		if err != nil {
			return parts, fmt.Errorf("cannot read the element to be changed: %w", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if depth == 0 {
				parts.root = token.Copy()
			}
			if depth == 1 {
				began = before
				parts.children = append(parts.children, xmlPart{name: token.Name.Local})
			}
			depth++
		case xml.EndElement:
			switch depth--; depth {
			case -1:
				return parts, errors.New("cannot read the element to be changed: it ends before it begins")
			case 0:
				return parts, nil // what may follow is not of the element
			case 1:
				parts.children[len(parts.children)-1].text = text[began:decoder.InputOffset()]
			}
		}
	}
}

// sort orders the children by the sequence. One that the sequence lacks stays behind its predecessor.
func (p xmlParts) sort(sequence []string) {
	places := map[string]int{}
	last := 0
	for _, child := range p.children {
		if at := slices.Index(sequence, child.name); at >= 0 {
			last = at
		}
		if _, known := places[child.name]; !known {
			places[child.name] = last
		}
	}
	slices.SortStableFunc(p.children, func(a, b xmlPart) int { return places[a.name] - places[b.name] })
}

func (p *xmlParts) setAttribute(attribute xml.Attr) {
	if attribute.Name.Local == "xmlns" { // the base has its own, with its prefixes
		return
	}
	for i := range p.root.Attr {
		if p.root.Attr[i].Name == attribute.Name {
			p.root.Attr[i].Value = attribute.Value
			return
		}
	}
	p.root.Attr = append(p.root.Attr, attribute)
}

func (p xmlParts) encode() encodedXML {
	var out bytes.Buffer
	name := prefixed(p.root.Name)
	out.WriteString("<" + name)
	for _, attribute := range p.root.Attr {
		out.WriteString(" " + prefixed(attribute.Name) + `="`)
		_ = xml.EscapeText(&out, []byte(attribute.Value)) // a buffer takes everything
		out.WriteString(`"`)
	}
	out.WriteString(">")
	for _, child := range p.children {
		out.Write(child.text)
	}
	out.WriteString("</" + name + ">")
	return out.Bytes()
}

// prefixed is a name as it is written, where Space holds the prefix.
func prefixed(name xml.Name) string {
	if name.Space == "" {
		return name.Local
	}
	return name.Space + ":" + name.Local
}
